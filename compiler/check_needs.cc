// What programs take for granted, and a view has only where it was put: their loader, /proc and /dev. Warnings, because the text alone cannot tell what a program of the host
// does; `--host` knows its loader, and then says so for certain (check_host_program.cc).
#include <algorithm>
#include <array>
#include <cctype>

#include "compiler/check_rules.h"
#include "compiler/elf_needs.h"
#include "compiler/fs_names.h"
#include "compiler/sight.h"

namespace immure::rules {
namespace {

bool may_be_there(const View& view, std::string_view path) { return !view.walk(path, true).absent(); }

// ---- the loader -----------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 4> kLoaders{"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"};
// Where a distribution has its programs, of which next to none is static.
constexpr std::array<std::string_view, 6> kOfTheSystem{"/usr/bin/", "/usr/sbin/", "/usr/libexec/", "/usr/games/", "/bin/", "/sbin/"};

bool of_the_system(std::string_view path) {
  return std::any_of(kOfTheSystem.begin(), kOfTheSystem.end(), [&](std::string_view directory) { return path.starts_with(directory); });
}

void check_loader(const View& view, const Field<type::Path>& field, Diagnostics& diags) {
  if (!field.present || !field->literal() || !of_the_system(field->str())) return;
  const Walk walk = view.walk(field->str(), true);
  const bool of_the_host = walk.end == Walk::End::Unknown || (walk.end == Walk::End::Found && view.nodes[walk.node].kind == NodeKind::Unknown);
  if (!of_the_host || std::any_of(kLoaders.begin(), kLoaders.end(), [&](std::string_view loader) { return may_be_there(view, loader); })) return;
  Diagnostic& d = diags.add(Code::LoaderMissing, field.span, "there is no loader for `" + field->str() + "` in the view, such as `" + std::string(kLoaders[0]) + "`");
  if (may_be_there(view, "/usr/lib64/x") && !view.has_floating())
    d.help("`/lib64` and `/lib` are links on most systems: add `{ symlink = \"/lib64\", to = \"usr/lib64\" }` and `{ symlink = \"/lib\", to = \"usr/lib\" }`");
  d.help("`extends = [\"immure:system\"]` gives the programs and libraries of the host, with these links");
}

/// A script that the profile itself holds tells its interpreter.
void check_interpreter(const Profile& profile, const View& view, const Field<type::Path>& field, Diagnostics& diags) {
  if (!field.present || !field->literal()) return;
  const Walk walk = view.walk(field->str(), true);
  if (walk.end != Walk::End::Found || view.nodes[walk.node].op < 0) return;
  const FsEntry& entry = profile.fs[static_cast<std::size_t>(view.nodes[walk.node].op)];
  const FileOp* file = std::get_if<FileOp>(&entry.op);
  if (file == nullptr || view.nodes[walk.node].kind != NodeKind::File || !view.nodes[walk.node].main) return;
  const std::string& text = file->text.present ? *file->text : *file->base64;
  const Needs needs = needs_of([&](std::uint64_t offset, std::size_t size) { return offset < text.size() ? text.substr(offset, size) : std::string(); });
  const std::string& interpreter = needs.interpreter;
  if (needs.kind != Needs::Kind::Script || !interpreter.starts_with('/') || may_be_there(view, interpreter)) return;
  diags.add(Code::HostInterpreterMissing, field.span, "the `#!` interpreter `" + interpreter + "` of `" + field->str() + "` is not in the view")
      .label(entry.target.span, "the script is here")
      .help("`extends = [\"immure:system\"]` gives the programs and libraries of the host");
}

// ---- /proc and /dev -------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 6> kShells{"sh", "bash", "dash", "zsh", "fish", "ksh"};
// Those that make a name below /dev/fd of `<(command)`.
constexpr std::array<std::string_view, 3> kSubstitute{"bash", "zsh", "ksh"};
// Programs that end with an error where there is no /proc, or print nothing; each was tried.
constexpr std::array<std::string_view, 15> kReadsProc{"ps",    "top",     "free",   "uptime",  "vmstat", "pmap",  "lsof", "lsns",
                                                      "fuser", "killall", "pstree", "findmnt", "sysctl", "bwrap", "crun"};

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void no_proc(Span span, std::string message, Diagnostics& diags) { diags.add(Code::ProcMissing, span, std::move(message)).help("add `{ proc = \"/proc\" }`"); }

/// `path`: of what is missing.
void no_dev(const View& view, Span span, const std::string& path, std::string message, Diagnostics& diags) {
  Diagnostic& d = diags.add(Code::DevMissing, span, std::move(message));
  const auto leads_into_proc = [&](const DevLink& link) {
    return std::string_view(link.to).starts_with("/proc/") && (path + '/').starts_with(std::string("/dev/") + link.name + '/');
  };
  if (may_be_there(view, "/dev/null")) d.help(path.starts_with("/dev/mqueue") ? "`mqueue = true` of the `dev` gives it" : "devices of the host are listed in `nodes` of the `dev`");
  else if (!may_be_there(view, "/proc/self") && std::any_of(kDevLinks.begin(), kDevLinks.end(), leads_into_proc))
    d.help("add `{ proc = \"/proc\" }` and `{ dev = \"/dev\" }`, whose link leads into it");
  else d.help("add `{ dev = \"/dev\" }`");
}

bool of_a_path(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '/'; }

/// Whether a text that names `path` certainly means what the program would look for there, and would not make itself.
bool is_asked_for(const std::string& path) {
  if (path == "/proc" || path == "/dev") return false;                      // of a pattern, such as `--exclude=/proc/*`
  return !path.starts_with("/dev/tcp/") && !path.starts_with("/dev/udp/");  // bash means connections by these
}

/// Names below /dev that programs make: the others are devices, which nobody can make inside.
bool could_be_made(const Profile& profile, const View& view, const std::string& path, const Walk& walk) {
  constexpr std::array<std::string_view, 3> kMade{"/dev/shm/", "/dev/mqueue/", "/dev/log"};
  const bool made = std::any_of(kMade.begin(), kMade.end(), [&](std::string_view name) { return path.starts_with(name) && (name.ends_with('/') || path.size() == name.size()); });
  return made && walk.end == Walk::End::Missing && walk.node != 0 && !final_flag(profile, view, view.nodes[walk.node].mount, kReadonly);
}

/// Says so where the view certainly has no `path`.
bool check_path(const Profile& profile, const View& view, const std::string& path, Span span, Diagnostics& diags) {
  if (!is_asked_for(path)) return false;
  const Walk walk = view.walk(path, true);
  if (!walk.absent() || could_be_made(profile, view, path, walk)) return false;
  const std::string to = walk.end == Walk::End::Dangling ? view.nodes[walk.link].link.shown() : "";
  if (to.starts_with("/proc/") && !may_be_there(view, "/proc/self")) no_proc(span, "`" + path + "` leads to `" + to + "`, and there is no `/proc` in the view", diags);
  else if (path.starts_with("/proc/")) no_proc(span, "there is no `" + path + "` in the view", diags);
  else no_dev(view, span, path, "there is no `" + path + "` in the view", diags);
  return true;
}

/// Names of files below /proc and /dev that stand in a text, such as a shell's script. Says whether there was one.
bool check_text(const Profile& profile, const View& view, const Template& text, Span span, Diagnostics& diags) {
  for (std::size_t i = 0; i < text.segments.size(); ++i) {
    if (text.segments[i].variable) continue;
    const std::string_view all = text.segments[i].text;
    for (std::size_t at = 0; at < all.size(); ++at) {
      if ((!all.substr(at).starts_with("/proc/") && !all.substr(at).starts_with("/dev/")) || (at == 0 ? i != 0 : of_a_path(all[at - 1]))) continue;
      std::size_t end = at;
      while (end < all.size() && of_a_path(all[end])) ++end;
      if (end == all.size() && i + 1 < text.segments.size()) break;  // a variable tells the rest
      std::string path(all.substr(at, end - at));
      while (path.ends_with('.') || path.ends_with('/')) path.pop_back();
      if (check_path(profile, view, path, span, diags)) return true;
    }
  }
  return false;
}

/// Whether a shell is told what to do only when it runs: at its prompt, or by what it is given there.
bool takes_commands(const type::Texts& args) {
  return std::all_of(args.begin(), args.end(), [](const Placed<Template>& arg) {
    return arg.value.literal() && arg.value.str().starts_with('-') && (arg.value.str().starts_with("--") || arg.value.str().find('c') == std::string::npos);
  });
}

void check_shell(const View& view, std::string_view name, const Field<type::Path>& path, const Field<type::Texts>& args, Diagnostics& diags) {
  if (!may_be_there(view, "/dev/null")) {
    no_dev(view, path.span, "/dev/null", "there is no `/dev/null` in the view, which next to every script of a shell writes to", diags);
    return;
  }
  if (may_be_there(view, "/proc/self")) return;
  for (const Placed<Template>& arg : *args) {
    const std::string text = arg.value.shown();
    if (!one_of(kSubstitute, name) || (text.find("<(") == std::string::npos && text.find(">(") == std::string::npos)) continue;
    no_proc(arg.span, "`" + std::string(name) + "` makes a name below `/dev/fd` of `<(…)`, which leads into `/proc`, and there is none in the view", diags);
    return;
  }
  if (takes_commands(*args)) no_proc(path.span, "there is no `/proc` in the view, which what is typed to a shell needs: `ps`, `/dev/stdin`, `<(…)`", diags);
}

void check_name(const View& view, const Field<type::Path>& path, const Field<type::Texts>& args, Diagnostics& diags) {
  if (!path.present || !path->literal() || !may_be_there(view, path->str())) return;
  const std::string name = path->str().substr(path->str().rfind('/') + 1);
  if (one_of(kShells, name)) check_shell(view, name, path, args, diags);
  if (one_of(kReadsProc, name) && of_the_system(path->str()) && !may_be_there(view, "/proc/self"))
    no_proc(path.span, "there is no `/proc` in the view, without which `" + name + "` does nothing", diags);
}

void check_program(const Profile& profile, const View& view, const Field<type::Path>& path, const Field<type::Texts>& args, Diagnostics& diags) {
  check_loader(view, path, diags);
  check_interpreter(profile, view, path, diags);
  bool said = false;
  for (const Placed<Template>& arg : *args) said = check_text(profile, view, arg.value, arg.span, diags) || said;
  if (!said) check_name(view, path, args, diags);
}

}  // namespace

void needs(const Profile& profile, const View& view, Diagnostics& diags) {
  check_program(profile, view, profile.program.path, profile.program.args, diags);
  for (const DaemonRow& daemon : profile.daemons) check_program(profile, view, daemon.path, daemon.args, diags);
  for (const type::EnvVar& variable : *profile.env.set) check_text(profile, view, variable.value, variable.value_span, diags);
}

}  // namespace immure::rules
