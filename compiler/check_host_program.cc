// Can the program be executed with this host's files: itself, its `#!` interpreter, its ELF interpreter and its libraries, all as the view shows them?
//
// The search for libraries is that of glibc's ld.so(8). With another loader only the interpreter is looked for.
#include <array>
#include <cerrno>
#include <deque>
#include <set>

#include "compiler/check_host_rules.h"
#include "compiler/elf_needs.h"

namespace immure::rules {
namespace {

constexpr std::size_t kMaxObjects = 500;
constexpr int kMaxScripts = 4;  // as the kernel
constexpr std::array<const char*, 6> kDefaultDirectories{"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"};

/// The first directory of this host that the program may not search, on the way to a file or, if that is `entered`, of the way's end; empty: none.
std::string closed_on_way(const HostAsk& ask, const Landing& at, bool entered) {
  const auto closed = [&](const HostStat& stat) { return stat.error == 0 && stat.kind == HostStat::Kind::Directory && !ask.program_may(stat, 1); };
  for (const std::string& directory : at.searched)
    if (closed(ask.files.look(directory))) return directory;
  return entered && at.end == Landing::End::Found && !at.host.empty() && closed(at.stat) ? at.host : std::string();
}

struct Object {
  Landing at;
  Needs needs;
  std::vector<std::string> inherited;  // DT_RPATH of those that asked for it
};

class Program {
 public:
  /// `what`: "program" or "daemon"; both are executed alike.
  Program(const HostAsk& ask, const Field<type::Path>& field, std::string what) : ask_(ask), field_(field), what_(std::move(what)) {}
  void run() {
    if (!field_.present || !field_->literal()) return;
    const Landing at = ask_.walk(field_->str());
    if (at.end == Landing::End::Missing && (!at.host.empty() || at.sight.what == Sight::What::Overlay)) {
      ask_.diags.add(Code::ProgramMissing, field_.span, "there is no `" + field_->str() + "` in the view: this host has no `" + (at.host.empty() ? at.path : at.host) + "`");
      return;
    }
    if (at.end != Landing::End::Found || at.host.empty()) return;
    if (at.stat.kind == HostStat::Kind::Directory) {
      ask_.diags.add(Code::ProgramIsDirectory, field_.span, "the " + what_ + " `" + field_->str() + "` is a directory on this host");
      return;
    }
    if (const std::string closed = closed_on_way(ask_, at, false); !closed.empty()) {
      ask_.diags.add(Code::ProgramNotExecutable, field_.span,
                     "the " + what_ + " `" + field_->str() + "` may not be executed: this host's `" + closed + "` may not be searched by who starts the launcher");
      return;
    }
    if (at.stat.kind != HostStat::Kind::File || !ask_.program_may(at.stat, 1)) {
      ask_.diags.add(Code::ProgramNotExecutable, field_.span, "the " + what_ + " `" + field_->str() + "` may not be executed: on this host it has the mode " + octal(at.stat.mode));
      return;
    }
    // The text could only guess at a loader.
    ask_.diags.remove([&](const Diagnostic& d) { return d.code == Code::LoaderMissing && d.span == field_.span; });
    follow(at, 0);
  }

 private:
  static std::string octal(std::uint32_t mode) {
    std::string out;
    for (int shift = 9; shift >= 0; shift -= 3) out += static_cast<char>('0' + ((mode >> shift) & 7));
    return out;
  }
  Needs needs(const Landing& at) const {
    return needs_of([&](std::uint64_t offset, std::size_t size) { return ask_.files.read(at.host, offset, size); });
  }

  void follow(const Landing& at, int scripts) {
    const Needs all = needs(at);
    if (all.kind == Needs::Kind::Other || all.interpreter.empty()) return;
    const Landing interpreter = ask_.walk(all.interpreter);
    if (interpreter.end == Landing::End::Missing) {
      const bool script = all.kind == Needs::Kind::Script;
      ask_.diags
          .add(Code::HostInterpreterMissing, field_.span,
               std::string(script ? "the `#!` interpreter" : "the loader") + " `" + all.interpreter + "` of `" + at.path + "` is not in the view")
          .help(all.interpreter.starts_with("/lib") ? "`/lib64` and `/lib` are links on most systems: `extends = [\"immure:system\"]` brings them"
                                                    : "bind it, or the directory that it is in");
      return;
    }
    if (interpreter.end != Landing::End::Found || interpreter.host.empty()) return;
    if (all.kind == Needs::Kind::Script) {
      if (scripts < kMaxScripts) follow(interpreter, scripts + 1);
    } else if (all.interpreter.find("/ld-linux") != std::string::npos) {
      libraries(at, all);
    }
  }

  void libraries(const Landing& program, const Needs& all) {
    cache_ = cache();
    std::deque<Object> todo{{program, all, {}}};
    std::set<std::string> seen;
    while (!todo.empty() && seen.size() < kMaxObjects) {
      const Object object = std::move(todo.front());
      todo.pop_front();
      for (const std::string& name : object.needs.libraries) {
        if (!seen.insert(name).second) continue;
        const std::optional<Landing> found = find(name, object);
        if (!found) {
          ask_.diags.add(Code::HostLibraryMissing, field_.span, "the library `" + name + "`, which `" + object.at.path + "` needs, is not in the view")
              .help("bind the directory that it is in; where `/etc/ld.so.cache` names it, bind that too");
          return;
        }
        if (found->end != Landing::End::Found || found->host.empty()) continue;
        Object next{*found, needs(*found), object.inherited};
        if (object.needs.inherits)
          for (const std::string& directory : object.needs.search) next.inherited.push_back(expand(directory, object));
        todo.push_back(std::move(next));
      }
    }
  }

  /// The cache's contents as the program would see it.
  std::string cache() const {
    const Landing at = ask_.walk("/etc/ld.so.cache");
    if (at.end == Landing::End::Unknown) unsure_ = true;
    return at.end == Landing::End::Found && !at.host.empty() ? ask_.files.read(at.host, 0, std::size_t{16} << 20) : std::string();
  }

  static std::string expand(std::string directory, const Object& object) {
    const std::string origin = object.at.path.substr(0, object.at.path.rfind('/'));
    for (const char* token : {"${ORIGIN}", "$ORIGIN"})
      if (const std::size_t at = directory.find(token); at != std::string::npos) directory.replace(at, std::string(token).size(), origin);
    return directory;
  }

  /// Found, or perhaps there; nothing: certainly missing.
  std::optional<Landing> find(const std::string& name, const Object& object) const {
    if (name.find('/') != std::string::npos) return present(name);
    std::vector<std::string> paths;
    for (const std::string& directory : object.needs.search) paths.push_back(expand(directory, object) + "/" + name);
    for (const std::string& directory : object.inherited) paths.push_back(directory + "/" + name);
    for (const std::string& path : cached_libraries(cache_, name)) paths.push_back(path);
    for (const char* directory : kDefaultDirectories) paths.push_back(std::string(directory) + "/" + name);
    for (const std::string& path : paths)
      if (std::optional<Landing> at = path.starts_with('/') ? present(path) : std::nullopt) return at;
    // Where the environment names further directories, it may be there.
    if (unsure_ || looks_elsewhere()) return Landing{};
    return std::nullopt;
  }
  std::optional<Landing> present(const std::string& path) const {
    const Landing at = ask_.walk(path);
    if (at.end == Landing::End::Missing) return std::nullopt;
    return at;
  }
  bool looks_elsewhere() const {
    for (const type::EnvVar& variable : *ask_.profile.env.set)
      if (variable.name == "LD_LIBRARY_PATH") return true;
    return !ask_.profile.env.inherit->empty();
  }

  const HostAsk& ask_;
  const Field<type::Path>& field_;
  std::string what_;
  std::string cache_;
  mutable bool unsure_ = false;
};

void check_cwd(const HostAsk& ask) {
  const Field<type::Path>& field = ask.profile.program.cwd;
  if (!field.present || !field->literal()) return;
  const Landing at = ask.walk(field->str());
  if (at.sight.what == Sight::What::Proc) {
    const std::string mount = ask.view.path_of(ask.view.mounts[at.sight.mount].node);
    if (field->str().starts_with(mount + "/") && ask.files.look("/proc" + field->str().substr(mount.size())).error == ENOENT)
      ask.diags.add(Code::CwdMissing, field.span, "there is no directory `" + field->str() + "` in the view: a proc has none");
    return;
  }
  const bool host = !at.host.empty() || at.sight.what == Sight::What::Overlay;
  if (host && at.end == Landing::End::Missing)
    ask.diags.add(Code::CwdMissing, field.span, "there is no directory `" + field->str() + "` in the view: this host has no `" + (at.host.empty() ? at.path : at.host) + "`");
  else if (host && at.end == Landing::End::Found && at.stat.kind != HostStat::Kind::Directory)
    ask.diags.add(Code::CwdMissing, field.span, "the working directory `" + field->str() + "` is no directory on this host");
  else if (const std::string closed = closed_on_way(ask, at, true); !closed.empty())
    ask.diags.add(Code::CwdMissing, field.span,
                  "the working directory `" + field->str() + "` cannot be entered: this host's `" + closed + "` may not be searched by who starts the launcher");
}

void check_ready(const HostAsk& ask, const DaemonRow& daemon) {
  if (!daemon.ready.present || !daemon.ready->literal()) return;
  const Landing at = ask.walk(daemon.ready->str());
  if (at.end != Landing::End::Found || at.host.empty()) return;
  ask.diags.add(Code::DaemonReadyThere, daemon.ready.span, "`" + daemon.ready->str() + "` exists before the daemon is started: it is `" + at.host + "` of this host")
      .help("name the socket or file that the daemon makes");
}

}  // namespace

void host_program(const HostAsk& ask) {
  Program(ask, ask.profile.program.path, "program").run();
  for (const DaemonRow& daemon : ask.profile.daemons) {
    Program(ask, daemon.path, "daemon").run();
    check_ready(ask, daemon);
  }
  check_cwd(ask);
}

}  // namespace immure::rules
