// See trial.h.
#include "tests/differential/trial.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>
#include <tuple>

#include "compiler/check.h"
#include "compiler/check_host.h"
#include "compiler/host_walk.h"
#include "compiler/resolve.h"
#include "tests/kernel/unchecked.h"

namespace immure::test {
namespace {

namespace fs = std::filesystem;

// ---- what the compiler says -------------------------------------------------------------------------------------------

struct Judged {
  Sources sources;
  Diagnostics diags;
  std::optional<Profile> profile;
  View view;
};

std::unique_ptr<Judged> judge(const std::string& text, const HostFiles& files) {
  auto out = std::make_unique<Judged>();
  out->profile = load_profile(
      "d.toml", out->sources,
      [&](const std::string&) {
        return FileText{text, 0};
      },
      out->diags);
  if (!out->profile) return out;
  out->view = simulate(*out->profile, out->diags);
  check(*out->profile, out->view, out->diags);
  check_host(*out->profile, out->view, files, out->diags);
  return out;
}

struct Verdict {
  std::string codes;
  bool launch = false, meaning = false, shape = false;
  explicit Verdict(const Diagnostics& diags) {
    for (const Diagnostic& d : diags.sorted()) {
      const CodeInfo& about = info(d.code);
      codes += std::string(codes.empty() ? "" : " ") + std::string(about.id);
      launch |= about.cls == Class::Launch;
      meaning |= about.cls == Class::Meaning;
      shape |= about.cls == Class::Shape;
    }
  }
};

// ---- what the kernel does ---------------------------------------------------------------------------------------------

struct Ran {
  int status = 0;
  std::string out, err;
};

std::string drain(int fd) {
  std::string text;
  char buffer[1 << 14];
  for (ssize_t got = 0; (got = read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(got));
  close(fd);
  return text;
}

Ran run(const std::string& launcher, const std::vector<std::string>& variables) {
  const int file = memfd_create("d", MFD_CLOEXEC);
  int out[2], err[2];
  if (file < 0 || write(file, launcher.data(), launcher.size()) != static_cast<ssize_t>(launcher.size()) || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "prepare a launch");
  std::vector<char*> environment;
  for (const std::string& variable : variables) environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);
  char name[] = "d";
  char* argv[] = {name, nullptr};
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], 1);
    dup2(err[1], 2);
    alarm(20);
    fexecve(file, argv, environment.data());
    _exit(99);
  }
  close(file);
  close(out[1]);
  close(err[1]);
  Ran ran;
  ran.out = drain(out[0]);  // what is said on standard error fits into its pipe
  ran.err = drain(err[0]);
  int status = 0;
  waitpid(child, &status, 0);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

// ---- the two side by side ---------------------------------------------------------------------------------------------

/// Where to look: every node of the view, a name that is perhaps below it, and some that nobody spoke of.
std::vector<std::string> paths_of(const View& view) {
  std::set<std::string> all{"/", "/a", "/a/b", "/a/file", "/b/file", "/c/a", "/d/null", "/x"};
  for (std::uint32_t node = 0; node < view.nodes.size(); ++node) {
    const std::string path = view.path_of(node);
    all.insert(path);
    if (path.starts_with("/usr") || path == "/") continue;
    for (const char* name : {"/file", "/a", "/mount/in"}) all.insert(path + name);
  }
  return {all.begin(), all.end()};
}

/// One line of the probe.
struct Seen {
  std::string kind, identity, mode, flags, filesystem, write, link;
  explicit Seen(const std::string& line) {
    std::istringstream words(line);
    words >> kind >> identity >> mode >> flags >> filesystem >> write >> link;
  }
};

std::string hexadecimal(unsigned long magic) {
  std::ostringstream text;
  text << std::hex << magic;
  return text.str();
}

/// Why what is seen is not what the view says; empty where it is. `known` becomes false where the view says nothing.
class Compare {
 public:
  Compare(const View& view, const Landing& at, const Seen& seen) : view_(view), at_(at), seen_(seen) {}
  std::string difference(bool& known) const {
    known = at_.end != Landing::End::Unknown && seen_.kind != "error";  // where the program may not look, nothing is seen
    if (!known) return "";
    if (at_.end == Landing::End::Missing) return seen_.kind == "missing" ? "" : "nothing";
    if (seen_.kind == "missing") return "something";
    if (at_.sight.what == Sight::What::Symlink) return seen_.kind == "l" && (seen_.link == at_.sight.content || at_.sight.content.empty()) ? "" : "a link to " + at_.sight.content;
    for (const std::string& wrong : {flags(), write(), contents()})
      if (!wrong.empty()) return wrong;
    return "";
  }

 private:
  std::string flags() const {
    constexpr std::tuple<MountFlag, char, unsigned long> kLetters[] = {{kReadonly, 'r', ST_RDONLY}, {kNoexec, 'x', ST_NOEXEC}, {kNosuid, 's', ST_NOSUID}, {kNodev, 'd', ST_NODEV}};
    // A mount of the host brings flags of its own, which are only ever added to.
    const std::optional<unsigned long> brought = at_.sight.what == Sight::What::Host ? host_flags() : 0;
    std::string expected;
    for (const auto& [flag, letter, bit] : kLetters) expected += at_.sight.flags[flag] || (brought.value_or(0) & bit) != 0 ? letter : '-';
    const bool more = at_.sight.may_have_more || !brought;
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (seen_.flags[i] != expected[i] && !(more && expected[i] == '-')) return "flags " + expected;
    return "";
  }
  std::string write() const {
    const bool denied = seen_.write == std::to_string(EROFS);
    if (at_.sight.write == Sight::Write::No && seen_.write == "0") return "not writable";
    if (at_.sight.write == Sight::Write::Yes && denied) return "writable";
    // As far as the host's permissions go, and its own mount.
    if (at_.sight.write == Sight::Write::Host && denied && at_.sight.what == Sight::What::Host && (host_flags().value_or(ST_RDONLY) & ST_RDONLY) == 0)
      return "writable as on the host";
    return "";
  }
  /// Of the host's mount that it is on, for the host; nothing where that cannot be asked.
  std::optional<unsigned long> host_flags() const {
    const int fd = open(at_.host.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct statvfs mount {};
    const bool known = fd >= 0 && fstatvfs(fd, &mount) == 0;
    if (fd >= 0) close(fd);
    return known ? std::optional(mount.f_flag) : std::nullopt;
  }
  std::string contents() const {
    using What = Sight::What;
    const auto kind = [&](const char* wanted) { return seen_.kind == wanted ? std::string() : std::string("kind ") + wanted; };
    const auto on = [&](unsigned long magic) { return seen_.filesystem == hexadecimal(magic) ? std::string() : "filesystem " + hexadecimal(magic); };
    switch (at_.sight.what) {
      case What::Directory:
      case What::Tmpfs: return !kind("d").empty() ? kind("d") : !on(TMPFS_MAGIC).empty() ? on(TMPFS_MAGIC) : mode();
      case What::File: return !kind("f").empty() ? kind("f") : mode();
      case What::Device: return kind("c");
      case What::Overlay: return on(OVERLAYFS_SUPER_MAGIC);
      case What::Proc: return on(PROC_SUPER_MAGIC);
      case What::Devpts: return on(DEVPTS_SUPER_MAGIC);
      case What::Host: return identity();
      case What::Nothing:
      case What::Unknown:
      case What::Symlink:
      case What::Mqueue: return "";
    }
    return "";
  }
  std::string mode() const {
    const ViewNode& node = view_.nodes[at_.sight.node];
    const ViewMount::Kind mount = view_.mounts[node.mount].kind;
    const bool ours = mount == ViewMount::Kind::Root || mount == ViewMount::Kind::Tmpfs || mount == ViewMount::Kind::File;
    if (!ours || !node.mode_known || view_.path_of(at_.sight.node) != at_.path) return "";
    std::ostringstream text;
    text << std::oct << node.mode;
    return seen_.mode == text.str() ? "" : "mode " + text.str();
  }
  std::string identity() const {
    struct stat st {};
    if (lstat(at_.host.c_str(), &st) != 0) return "host " + at_.host;
    const std::string wanted = std::to_string(st.st_dev) + ":" + std::to_string(st.st_ino);
    return seen_.identity == wanted ? "" : "host " + at_.host + " with " + wanted;
  }

  const View& view_;
  const Landing& at_;
  const Seen& seen_;
};

/// What is launched: the draft, without a value that the language does not let through.
Draft to_launch(Draft draft) {
  if (draft.planted == nullptr || draft.planted->option == nullptr) return draft;
  const std::string option = draft.planted->option, key = option.substr(0, option.find('=')) + " =";
  for (Entry& entry : draft.entries)
    if (entry.op == "tmpfs = \"/I\"") std::erase_if(entry.keys, [&](const std::string& text) { return text.starts_with(key); });
  return draft;
}

/// On the names that a `root` or an `etc` finds: the view says unknown there (docs/differential.md).
bool hangs_on_more(const Draft& draft) {
  return std::any_of(draft.entries.begin(), draft.entries.end(), [](const Entry& entry) { return entry.op.starts_with("root") || entry.op.starts_with("etc"); });
}

void add_argument(Plan& plan, const std::string& text) { plan.program.args.push_back({Template{{Segment{false, text, {}}}}, false, {}}); }

void set_option(Plan& plan, const std::string& option) {
  for (PlanOp& op : plan.ops) {
    auto* mount = std::get_if<plan::Mount>(&op.op);
    if (mount == nullptr || mount->path.text.shown() != "/I") continue;
    mount->options += (mount->options.empty() ? "" : ",") + option;  // of two values for one key the kernel takes the last
  }
}

}  // namespace

const char* word(Outcome outcome) {
  switch (outcome) {
    case Outcome::Agree: return "agree";
    case Outcome::FalseAlarm: return "false alarm";
    case Outcome::Miss: return "miss";
    case Outcome::WrongView: return "wrong view";
    case Outcome::Silent: return "fault not reported";
    case Outcome::Unknown: return "unknown";
    case Outcome::Skipped: return "skipped";
  }
  return "";
}

Outcome Trial::operator()(const Draft& draft) {
  detail.clear();
  std::vector<std::string> variables = draft.variables;
  for (std::string& variable : variables)
    if (const std::size_t at = variable.find('@'); at != std::string::npos) variable.replace(at, 1, world_.place().string());
  // The checks look at the values that the launcher gets.
  for (const std::string& variable : variables) setenv(variable.substr(0, variable.find('=')).c_str(), variable.substr(variable.find('=') + 1).c_str(), 1);
  const std::unique_ptr<Judged> judged = judge(draft.text(world_.place()), files_);
  const Verdict verdict(judged->diags);
  detail = verdict.codes.empty() ? "clean" : verdict.codes;
  std::istringstream words(verdict.codes);
  codes = {std::istream_iterator<std::string>(words), {}};
  if (draft.planted != nullptr && verdict.codes.find(draft.planted->code) == std::string::npos) return Outcome::Silent;

  const bool patched = draft.planted != nullptr && draft.planted->option != nullptr;
  const std::unique_ptr<Judged> other = patched ? judge(to_launch(draft).text(world_.place()), files_) : nullptr;
  Judged& launch = patched ? *other : *judged;
  if (!launch.profile || (!patched && verdict.shape)) return Outcome::Skipped;
  const bool launch_error = patched ? Verdict(launch.diags).launch : verdict.launch;

  const std::vector<std::string> paths = paths_of(launch.view);
  // Before the launch, which may change the host.
  const HostWalk walk(*launch.profile, launch.view, files_);
  std::vector<Landing> expected;
  for (const std::string& path : paths) expected.push_back(walk(path, false));
  const std::string launcher = unchecked_launcher(*launch.profile, launch.view, launch.sources, [&](Plan& plan) {
    if (patched) set_option(plan, draft.planted->option);
    for (const std::string& path : paths) add_argument(plan, path);
    if (draft.planted != nullptr && draft.planted->act != nullptr) add_argument(plan, draft.planted->act);
  });
  if (launcher.empty()) return Outcome::Skipped;
  const Ran ran = run(launcher, variables);

  const auto judge_run = [&] {
    const bool failed = ran.status != 0;
    if (failed) detail += ": " + (ran.err.empty() ? "status " + std::to_string(ran.status) : ran.err);
    if (launch_error) return failed ? Outcome::Agree : Outcome::FalseAlarm;
    if (failed) return hangs_on_more(draft) ? Outcome::Unknown : Outcome::Miss;
    ++launched;
    std::istringstream lines(ran.out);
    std::string line;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (!std::getline(lines, line)) return detail += ": the program said nothing of " + paths[i], Outcome::WrongView;
      bool known = false;
      const Seen seen(line);
      if (patched && paths[i] == "/I") continue;  // what the option makes of it is for the act to tell
      const std::string wrong = Compare(launch.view, expected[i], seen).difference(known);
      ++(known ? told : open);
      if (!wrong.empty()) return detail += ": " + paths[i] + " is `" + line + "`, the view says " + wrong, Outcome::WrongView;
    }
    if (draft.planted == nullptr || draft.planted->act == nullptr) return Outcome::Agree;
    std::getline(lines, line);
    if (!line.starts_with(draft.planted->answer))
      return detail += std::string(": ") + draft.planted->act + " gave `" + line + "`, the message says `" + draft.planted->answer + "`", Outcome::WrongView;
    if (draft.planted->untouched != nullptr && !fs::is_empty(world_.place() / draft.planted->untouched))
      return detail += std::string(": ") + draft.planted->untouched + " was written to", Outcome::WrongView;
    return Outcome::Agree;
  };
  const Outcome outcome = judge_run();
  if (draft.changes_the_world()) world_.restore();
  return outcome;
}

Draft shrink(Trial& trial, Draft draft, Outcome outcome) {
  trial(draft);
  const std::set<std::string> codes = trial.codes;
  // One that has another fault beside may disagree for that one.
  const auto still = [&](const Draft& smaller) { return trial(smaller) == outcome && std::includes(codes.begin(), codes.end(), trial.codes.begin(), trial.codes.end()); };
  const auto keep = [&](Draft smaller) {
    const bool same = still(smaller);
    if (same) draft = std::move(smaller);
    return same;
  };
  if (outcome != Outcome::Silent) {
    Draft plain = draft;
    plain.planted = nullptr;
    keep(plain);
  }
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < draft.entries.size() && !smaller; ++i) {
      Draft without = draft;
      without.entries.erase(without.entries.begin() + static_cast<std::ptrdiff_t>(i));
      smaller = keep(without);
      for (std::size_t key = 0; !smaller && key < draft.entries[i].keys.size(); ++key) {
        without = draft;
        without.entries[i].keys.erase(without.entries[i].keys.begin() + static_cast<std::ptrdiff_t>(key));
        smaller = keep(without);
      }
    }
  }
  for (const auto& simpler : {+[](Draft& d) { d.cwd = "/"; }, +[](Draft& d) { d.program = "/.probe"; }, +[](Draft& d) { d.rest.clear(); }}) {
    Draft plain = draft;
    simpler(plain);
    keep(plain);
  }
  trial(draft);
  return draft;
}

}  // namespace immure::test
