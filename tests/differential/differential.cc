// The compiler against the kernel: random profiles, judged with `check --host` and then launched whatever was said.
//
//   differential COUNT SEED      exit 0 when all agree
//   differential --probe PATH…   what the sandboxes run: says of each path what stands there
//
// A profile without launch errors must launch, and show at every path what the view said (the host's files by their inode). One with a launch error must fail at
// launch. One with only meaning errors must launch and show what the view predicts: the wrong result that the message speaks of. A third of the profiles have one
// fault planted, of which the code is known. Everything follows from the seed. What disagrees is shrunk: entries are removed while it still does.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "compiler/check.h"
#include "compiler/check_host.h"
#include "compiler/embedded.h"
#include "compiler/encode.h"
#include "compiler/host_walk.h"
#include "compiler/link.h"
#include "compiler/lower.h"
#include "compiler/presets.h"
#include "compiler/resolve.h"
#include "compiler/seccomp.h"
#include "compiler/sight.h"

namespace {

namespace fs = std::filesystem;
using namespace immure;

// ---- inside ---------------------------------------------------------------------------------------------------------------

/// One line for each path: "kind device:inode flags filesystem link".
int probe(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) {
    struct stat st{};
    if (lstat(argv[i], &st) != 0) {
      std::cout << (errno == ENOENT || errno == ENOTDIR ? "missing" : "error") << "\n";
      continue;
    }
    const char kind = S_ISDIR(st.st_mode) ? 'd' : S_ISREG(st.st_mode) ? 'f' : S_ISLNK(st.st_mode) ? 'l' : S_ISCHR(st.st_mode) ? 'c' : '?';
    char link[4096] = "";
    if (kind == 'l' && readlink(argv[i], link, sizeof link - 1) < 0) link[0] = 0;
    const int fd = open(argv[i], O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct statvfs flags{};
    struct statfs type{};
    fstatvfs(fd, &flags);
    fstatfs(fd, &type);
    close(fd);
    std::cout << kind << ' ' << st.st_dev << ':' << st.st_ino << ' ';
    for (const auto& [bit, letter] : {std::pair{ST_RDONLY, 'r'}, std::pair{ST_NOEXEC, 'x'}, std::pair{ST_NOSUID, 's'}, std::pair{ST_NODEV, 'd'}})
      std::cout << ((flags.f_flag & static_cast<unsigned long>(bit)) != 0 ? letter : '-');
    std::cout << ' ' << std::hex << type.f_type << std::dec << ' ' << link << "\n";
  }
  return 0;
}

// ---- profiles -------------------------------------------------------------------------------------------------------------

struct Draft {
  std::vector<std::string> entries;
  std::string cwd = "/", program = "/.probe";
  std::string planted;  // the code that must be among those reported, or empty
  std::string text(const fs::path& work) const {
    std::string out = "immure = 1\nname = \"d\"\nextends = [\"immure:system\"]\nfs = [\n  { bind = \"/.probe\", from = \"" + (work / "probe").string() + "\" },\n";
    for (const std::string& entry : entries) out += "  { " + entry + " },\n";
    return out + "]\n[program]\npath = \"" + program + "\"\ncwd = \"" + cwd + "\"\n[seccomp]\nenabled = false\n";
  }
};

/// What is planted: a code and the entries that must give it. `@` is the directory of sources.
struct Fault {
  const char* code;
  std::vector<const char*> entries;
  const char* cwd = nullptr;
  const char* program = nullptr;
};
const std::vector<Fault>& faults() {
  static const std::vector<Fault> all{
      {"E0301", {}, nullptr, "/usr/bin/there-is-no-such-program"},
      {"E0301", {}, nullptr, "/nothing"},
      {"E0302", {}, nullptr, "/usr/bin"},
      {"E0303", {"file = \"/F\", text = \"x\""}, nullptr, "/F"},
      {"E0303", {"bind = \"/F\", from = \"@/x/file\""}, nullptr, "/F"},
      {"E0304", {}, "/nowhere"},
      {"E0304", {}, "/usr/nowhere"},
      {"E0305", {"file = \"/F/f\", text = \"\"", "dir = \"/F/f/x\""}},
      {"E0306", {"tmpfs = \"/R\", readonly = true", "dir = \"/R/x\""}},
      {"E0306", {"tmpfs = \"/R\"", "remount = \"/R\", readonly = true", "file = \"/R/x\", text = \"\""}},
      {"E0307", {"dir = \"/K\"", "symlink = \"/K\", to = \"x\""}},
      {"E0307", {"dir = \"/K\"", "file = \"/K\", text = \"\""}},
      {"E0308", {"file = \"/H/f\", text = \"x\"", "tmpfs = \"/H\""}},
      {"E0309", {"dir = \"/N\"", "remount = \"/N\", readonly = true"}},
      {"E0311", {"symlink = \"/L\", to = \"nowhere-at-all\"", "dir = \"/L/x\""}},
      {"E0311", {"symlink = \"/L\", to = \"M\"", "symlink = \"/M\", to = \"L\"", "dir = \"/L/x\""}},
      {"E0320", {"overlay = \"/O\", lower = []"}},
      {"E0322", {"overlay = \"/O\", lower = [\"@/x\"]"}},
      {"E0323", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\""}},
      {"E0324", {"overlay = \"/O\", lower = [\"@/x\", \"@/y\"], work = \"@/work\""}},
      {"E0325", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/work\", ephemeral = true"}},
      {"E0326", {"overlay = \"/O\", lower = [\"@/x\", \"@/y\", \"@/x\"]"}},
      {"E0327", {"overlay = \"/O\", lower = [\"@/x\", \"@/x/a\"]"}},
      {"E0328", {"overlay = \"/O\", lower = [\"@/up/in\"], upper = \"@/up\", work = \"@/work\""}},
      {"E0328", {"overlay = \"/O\", lower = [\"@/up\"], upper = \"@/up\", work = \"@/work\""}},
      {"E0329", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/up\""}},
      {"E0329", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/up/in\""}},
      {"E0330", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/work\"", "overlay = \"/P\", lower = [\"@/y\"], upper = \"@/up2\", work = \"@/work\""}},
      {"E0360", {"bind = \"/S\", from = \"@/missing\""}},
      {"E0360", {"overlay = \"/O\", lower = [\"@/x\", \"@/missing\"]"}},
      {"E0361", {"dir = \"/S\"", "bind = \"/S\", from = \"@/x/file\""}},
      {"E0361", {"tmpfs = \"/S\"", "file = \"/S/f\", text = \"\"", "bind = \"/S/f\", from = \"@/x\""}},
      {"E0361", {"overlay = \"/O\", lower = [\"@/x\", \"@/x/file\"]"}},
      {"E0362", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"/dev/shm\""}},
      {"E0363", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"/proc\", work = \"@/work\""}},
      {"E0364", {"overlay = \"/O\", lower = [\"@/x\", \"/dev\"]"}},
      {"E0366", {"bind = \"/T\", from = \"@/x\"", "tmpfs = \"/T/missing\""}},
      {"E0366", {"bind = \"/T\", from = \"@/x\", write = true", "dir = \"/T/missing/more\""}},
      {"E0367", {}, nullptr, "@script"},
      {"W0320", {"overlay = \"/O\", lower = [\"@/z\"], upper = \"@/z/up\", work = \"@/z/work\""}},
      {"W0321", {"bind = \"/W\", from = \"@/y\", write = true", "overlay = \"/O\", lower = [\"@/x\", \"@/y\"]"}},
      {"W0332", {"tmpfs = \"/I\", inodes = 1"}},
  };
  return all;
}

class Generator {
 public:
  Generator(std::uint64_t seed, const fs::path& work) : random_(seed), work_(work) {}

  Draft draw() {
    Draft out;
    const int count = 1 + pick(9);
    for (int i = 0; i < count; ++i) out.entries.push_back(entry());
    if (chance(50)) out.cwd = path(2);
    if (chance(33)) plant(out);
    return out;
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint64_t>(below)); }
  bool chance(int percent) { return pick(100) < percent; }
  std::string one_of(const std::vector<std::string>& words) { return words[static_cast<std::size_t>(pick(static_cast<int>(words.size())))]; }
  std::string name() { return one_of({"a", "b", "c", "d", "file"}); }
  std::string path(int deepest) {
    std::string out;
    for (int left = 1 + pick(deepest); left > 0; --left) out += "/" + name();
    return out;
  }
  std::string source() { return (work_ / one_of({"x", "y", "z", "x/a", "x/file", "y/link", "y/to-file"})).string(); }
  std::string layer() { return (work_ / one_of({"x", "y", "z"})).string(); }

  std::string entry() {
    std::string target = chance(90) ? path(3) : one_of({"/d/null", "/d/shm", "/d/pts", "/d/shm/x", "/d/fd", "/a/file/x"});
    const auto flag = [&](const char* key) { return chance(40) ? std::string(", ") + key + " = true" : std::string(); };
    const auto with = [&](const std::string& key, const std::string& more) { return key + " = \"" + target + "\"" + more; };
    switch (pick(14)) {
      case 0:
      case 1:
      case 2: return with("bind", ", from = \"" + source() + "\"" + flag("optional") + flag("write"));
      case 3: return with("bind", ", from = \"" + (work_ / "missing").string() + "\", optional = true");
      case 4:
      case 5: return with("tmpfs", flag("readonly") + (chance(30) ? ", exec = false" : "") + (chance(30) ? ", size = \"64KiB\"" : ""));
      case 6: return with("overlay", ", lower = [\"" + layer() + "\", \"" + layer() + "\"]" + flag("ephemeral"));
      case 7: return with("proc", chance(50) ? ", harden = false" : "");
      case 8: return "dev = \"" + std::string(chance(70) ? "/d" : target) + "\"" + flag("write");
      case 9:
      case 10: return with("dir", ", mode = \"0700\"");
      case 11: return with("file", ", text = \"x\"");
      case 12: return with("symlink", ", to = \"" + one_of({path(2).substr(1), path(2), "..", "../" + name(), ".", "/", "../../" + name()}) + "\"");
      default: return with("remount", ", readonly = true" + flag("recursive") + flag("noexec"));
    }
  }

  void plant(Draft& out) {
    const Fault& fault = faults()[static_cast<std::size_t>(pick(static_cast<int>(faults().size())))];
    out.planted = fault.code;
    for (std::string entry : fault.entries) {
      for (std::size_t at = entry.find('@'); at != std::string::npos; at = entry.find('@')) entry.replace(at, 1, work_.string());
      out.entries.push_back(entry);
    }
    if (fault.cwd != nullptr) out.cwd = fault.cwd;
    if (fault.program != nullptr && fault.program == std::string("@script")) {
      out.entries.push_back("bind = \"/script\", from = \"" + (work_ / "script").string() + "\"");
      out.program = "/script";
    } else if (fault.program != nullptr) {
      out.program = fault.program;
    }
  }

  std::mt19937_64 random_;
  const fs::path& work_;
};

// ---- one comparison -------------------------------------------------------------------------------------------------------

struct Ran {
  int status = 0;
  std::string out, err;
};

Ran run(const fs::path& launcher) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], 1);
    dup2(err[1], 2);
    alarm(20);
    execl(launcher.c_str(), "d", static_cast<char*>(nullptr));
    _exit(99);
  }
  close(out[1]);
  close(err[1]);
  Ran ran;
  char buffer[4096];
  for (const auto& [fd, text] : {std::pair{out[0], &ran.out}, std::pair{err[0], &ran.err}}) {  // what is said on standard error fits into its pipe
    for (ssize_t got = 0; (got = read(fd, buffer, sizeof buffer)) > 0;) text->append(buffer, static_cast<std::size_t>(got));
    close(fd);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

class Trial {
 public:
  Trial(const fs::path& work, const HostFiles& files, const BpfProgram& init_filter) : work_(work), files_(files), init_filter_(init_filter) {}

  enum class Outcome { Agree, FalseAlarm, Miss, Wrong, NotPlanted, Skipped };
  Outcome operator()(const Draft& draft) {
    detail.clear();
    Sources sources;
    Diagnostics diags;
    const std::string text = draft.text(work_);
    const std::optional<Profile> profile = load_profile("d.toml", sources, [&](const std::string&) { return FileText{text, 0}; }, diags);
    if (!profile) return Outcome::Skipped;
    const View view = simulate(*profile, diags);
    check(*profile, view, diags);
    check_host(*profile, view, files_, diags);
    std::string codes;
    bool launch_error = false, meaning_error = false;
    for (const Diagnostic& d : diags.sorted()) {
      const CodeInfo& about = info(d.code);
      codes += std::string(codes.empty() ? "" : " ") + std::string(about.id);
      launch_error |= about.cls == Class::Launch;
      meaning_error |= about.cls == Class::Meaning;
      if (about.cls == Class::Shape) return Outcome::Skipped;
    }
    detail = codes.empty() ? "clean" : codes;
    if (!draft.planted.empty() && codes.find(draft.planted) == std::string::npos) return Outcome::NotPlanted;

    Plan plan = lower(*profile, view, sources);
    plan.init_filter = init_filter_;
    const std::vector<std::string> paths = probed(view);
    for (const std::string& path : paths) plan.program.args.push_back({Template{{Segment{false, path, {}}}}, false, {}});
    plan.program.args.insert(plan.program.args.begin(), {Template{{Segment{false, "--probe", {}}}}, false, {}});
    Diagnostics encoding;
    const std::string launcher = link(embedded_stub(), encode(plan, encoding));
    const fs::path file = work_ / "launcher";
    {
      std::ofstream out(file, std::ios::binary);
      out << launcher;
    }
    fs::permissions(file, fs::perms::owner_all);
    const Ran ran = run(file);
    fs::remove(file);
    const bool failed = ran.status != 0;
    if (failed) detail += ": " + ran.err;
    if (launch_error) return failed ? Outcome::Agree : Outcome::FalseAlarm;
    // Root's own capabilities reach no further than a user's inside; yet what root may see in a hidden place differs, so a miss is a miss for both.
    if (failed) return Outcome::Miss;
    const std::string wrong = compare(*profile, view, paths, ran.out);
    if (wrong.empty()) return Outcome::Agree;
    detail += ": " + wrong;
    return Outcome::Wrong;
  }
  std::string detail;

 private:
  static std::vector<std::string> probed(const View& view) {
    std::set<std::string> all{"/", "/a", "/a/b", "/a/file", "/b/file", "/c/a", "/d/null", "/x"};
    for (std::uint32_t node = 0; node < view.nodes.size(); ++node) {
      const std::string path = view.path_of(node);
      all.insert(path);
      if (!path.starts_with("/usr")) all.insert((path == "/" ? "" : path) + "/file");
    }
    return {all.begin(), all.end()};
  }

  std::string compare(const Profile& profile, const View& view, const std::vector<std::string>& paths, const std::string& output) const {
    const HostWalk walk(profile, view, files_);
    std::istringstream lines(output);
    std::string line;
    for (const std::string& path : paths) {
      if (!std::getline(lines, line)) return "the program said nothing of " + path;
      const std::string expected = expectation(profile, view, walk(path, false), line);
      if (!expected.empty()) return path + " is `" + line + "`, the view says " + expected;
    }
    return "";
  }

  /// Nothing when the line is what the view says.
  std::string expectation(const Profile&, const View&, const Landing& at, const std::string& line) const {
    using What = Sight::What;
    if (at.end == Landing::End::Unknown) return "";
    if (at.end == Landing::End::Missing) return line == "missing" ? "" : "nothing";
    std::istringstream words(line);
    std::string kind, identity, flags, type, link;
    words >> kind >> identity >> flags >> type >> link;
    const auto is = [&](const char* wanted) { return kind == wanted ? std::string() : std::string("kind ") + wanted; };
    if (at.sight.what == What::Symlink) return kind == "l" && link == at.sight.content ? "" : "a link to " + at.sight.content;
    std::string expected;
    constexpr std::pair<MountFlag, char> kLetters[] = {{kReadonly, 'r'}, {kNoexec, 'x'}, {kNosuid, 's'}, {kNodev, 'd'}};
    for (const auto& [flag, letter] : kLetters) expected += at.sight.flags[flag] ? letter : '-';
    if (flags != expected) return "flags " + expected;
    if (at.sight.what == What::Host) {
      struct stat st{};
      if (lstat(at.host.c_str(), &st) != 0) return "host " + at.host;
      const std::string wanted = std::to_string(st.st_dev) + ":" + std::to_string(st.st_ino);
      return identity == wanted ? "" : "host " + at.host + " with " + wanted;
    }
    const auto on = [&](std::uint64_t magic) {
      std::ostringstream text;
      text << std::hex << magic;
      return type == text.str() ? std::string() : "filesystem " + text.str();
    };
    switch (at.sight.what) {
      case What::Directory: return is("d");
      case What::Tmpfs: return kind == "d" ? on(TMPFS_MAGIC) : is("d");
      case What::File: return is("f");
      case What::Device: return is("c");
      case What::Overlay: return on(OVERLAYFS_SUPER_MAGIC);
      case What::Nothing:
      case What::Unknown:
      case What::Symlink:
      case What::Host:
      case What::Proc:
      case What::Devpts:
      case What::Mqueue: return "";
    }
    return "";
  }

  const fs::path& work_;
  const HostFiles& files_;
  const BpfProgram& init_filter_;
};

void make_sources(const fs::path& work) {
  for (const char* name : {"x/a/b", "x/c", "y/a", "y/d", "z/up", "z/work", "z/b/c", "up/in", "up2", "work"}) fs::create_directories(work / name);
  for (const char* name : {"x/file", "x/a/file", "y/a/file", "z/b/file"}) std::ofstream(work / name) << name;
  fs::create_directory_symlink("a", work / "y/link");
  fs::create_symlink("../x/file", work / "y/to-file");
  std::ofstream(work / "script") << "#!/there/is/none\n";
  fs::permissions(work / "script", fs::perms::owner_all);
  fs::copy_file("/proc/self/exe", work / "probe");
  fs::permissions(work / "probe", fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
}

const char* word(Trial::Outcome outcome) {
  switch (outcome) {
    case Trial::Outcome::Agree: return "agree";
    case Trial::Outcome::FalseAlarm: return "false alarm";
    case Trial::Outcome::Miss: return "miss";
    case Trial::Outcome::Wrong: return "wrong view";
    case Trial::Outcome::NotPlanted: return "fault not reported";
    case Trial::Outcome::Skipped: return "skipped";
  }
  return "";
}

/// Removes what is not needed for the same outcome.
Draft shrink(Trial& trial, Draft draft, Trial::Outcome outcome) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < draft.entries.size(); ++i) {
      Draft without = draft;
      without.entries.erase(without.entries.begin() + static_cast<std::ptrdiff_t>(i));
      if (trial(without) != outcome) continue;
      draft = std::move(without);
      smaller = true;
      break;
    }
  }
  Draft plain = draft;
  plain.cwd = "/";
  return trial(plain) == outcome ? plain : draft;
}

int compare_all(std::uint64_t count, std::uint64_t seed) {
  char name[] = "/tmp/immure-differential.XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("mkdtemp");
  const fs::path work = name;
  make_sources(work);
  const std::unique_ptr<HostFiles> files = host_files();
  const BpfProgram init_filter = compile_filter(init_policy());
  Trial trial(work, *files, init_filter);
  std::map<Trial::Outcome, std::size_t> counts;
  std::map<std::string, std::size_t> planted;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Draft draft = Generator(seed * 1'000'003 + i, work).draw();
    const Trial::Outcome outcome = trial(draft);
    ++counts[outcome];
    if (outcome == Trial::Outcome::Agree && !draft.planted.empty()) ++planted[draft.planted];
    if (outcome == Trial::Outcome::Agree || outcome == Trial::Outcome::Skipped) continue;
    const Draft small = outcome == Trial::Outcome::NotPlanted ? draft : shrink(trial, draft, outcome);
    trial(small);
    std::cout << "---- " << word(outcome) << ", number " << i << (small.planted.empty() ? "" : ", planted " + small.planted) << ": " << trial.detail << "\n" << small.text(work);
  }
  std::cout << "seed " << seed << ": " << count << " profiles";
  for (const auto outcome : {Trial::Outcome::Agree, Trial::Outcome::FalseAlarm, Trial::Outcome::Miss, Trial::Outcome::Wrong, Trial::Outcome::NotPlanted, Trial::Outcome::Skipped})
    std::cout << ", " << counts[outcome] << " " << word(outcome);
  std::cout << "\nplanted faults that agreed:";
  for (const auto& [code, hits] : planted) std::cout << ' ' << code << 'x' << hits;
  std::cout << "\n";
  fs::permissions(work, fs::perms::owner_all);
  std::error_code ignored;
  fs::remove_all(work, ignored);
  return counts[Trial::Outcome::Agree] + counts[Trial::Outcome::Skipped] == count ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 2 && std::string(argv[1]) == "--probe") return probe(argc, argv);
  if (argc != 3) {
    std::cerr << "usage: differential COUNT SEED\n";
    return 2;
  }
  return compare_all(std::stoull(argv[1]), std::stoull(argv[2]));
}
