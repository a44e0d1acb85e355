// A whole launch on the fake kernel, with every single system call failing once: whatever fails, the program has not run, or ran confined.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/mount.h>

#include "compiler/diag.h"
#include "compiler/encode.h"
#include "compiler/plan.h"
#include "initrt/sys.h"
#include "tests/runtime/fake_sys.h"
#include "tests/unit/catch.h"

namespace initrt {
extern "C" [[noreturn]] void launcher_main(unsigned long* stack);
}
// Where the launcher believes its plan to be.
extern "C" {
alignas(8) unsigned char immure_plan[1 << 16];
}

namespace {

using namespace immure;

PlanText text(const std::string& literal) {
  PlanText out;
  if (!literal.empty()) out.text.segments.push_back({false, literal, std::nullopt});
  return out;
}

/// Every op there is, and every parameter that leads to a call.
Plan rich_plan(std::uint32_t extra_flags = 0) {
  Plan plan;
  plan.name = "fake";
  plan.files = {"fake.toml"};
  plan.flags =
      wire::kNewSession | wire::kDieWithSupervisor | wire::kDieWithCaller | wire::kStdinNull | wire::kPassArgs | wire::kHasFilter | wire::kLoopback | wire::kRunAs | extra_flags;
  plan.hostname = "fake";
  plan.root_options = "mode=0755";
  const auto add = [&](plan::AnyOp op, int flags) {
    plan.ops.push_back({std::move(op), static_cast<std::uint16_t>(flags), {0, static_cast<std::uint32_t>(plan.ops.size() + 10)}});
  };
  using namespace wire;
  add(plan::Dir{text("/a"), 0755}, kTrusted | kMakeDir);
  add(plan::Dir{text("/a/unknown"), 0755}, 0);
  add(plan::Symlink{text("/bin"), text("usr/bin")}, kTrusted);
  add(plan::File{text("/made"), "hello", 0444}, kTrusted | kMakeFile | kInPlace);
  add(plan::File{text("/over"), "hello", 0444}, kTrusted | kMakeFile);
  add(plan::Bind{text("/usr"), text("/usr"), MOUNT_ATTR_RDONLY}, kTrusted | kMakeDir);
  add(plan::Device{text("/null"), text("/dev/null"), 1 << 8 | 3}, kTrusted | kMakeFile);
  add(plan::Device{text("/usr/null"), text("/dev/null"), 1 << 8 | 3}, kMakeFile);
  add(plan::Bind{text("/usr/deep/er"), text("/srv"), 0}, kCreate);
  add(plan::Bind{text("/either"), text("/etc/hostname"), 0}, kTrusted | kMakeDir | kMakeFile);
  add(plan::Mount{text("/usr/tmp"), "tmpfs", 0, ""}, 0);
  add(plan::Mount{text("/proc"), "proc", MOUNT_ATTR_NOSUID, ""}, kTrusted | kMakeDir);
  add(plan::Protect{text("/proc/sys"), MOUNT_ATTR_RDONLY}, kTrusted | kOptional);
  add(plan::Mask{text("/proc/keys")}, kTrusted | kOptional);
  add(plan::Mount{text("/tmp"), "tmpfs", MOUNT_ATTR_NOSUID, "size=4096"}, kTrusted | kMakeDir);
  add(plan::Overlay{text("/o1"), {text("/l1"), text("/l2")}, text(""), text(""), 0}, kTrusted | kMakeDir);
  add(plan::Overlay{text("/o2"), {text("/l1")}, text("/up"), text("/work"), 0}, kTrusted | kMakeDir);
  add(plan::Overlay{text("/o3"), {text("/l1")}, text(""), text(""), 0}, kTrusted | kMakeDir | kEphemeral);
  add(plan::Remount{text("/usr"), MOUNT_ATTR_NOEXEC}, kTrusted | kRecursive);
  add(plan::Console{text("/dev/console")}, 0);
  add(plan::Etc{text("/etc"), text("/etc"), "fake"}, kTrusted | kMakeDir);
  add(plan::Root{text("/"), text("/"), MOUNT_ATTR_RDONLY}, 0);
  plan.program = {text("/usr/bin/true"), text("true"), {text("one")}, {0, 3}};
  plan.cwd = text("/");
  plan.env_set = {{"A", text("b")}};
  plan.filter = {{0x06, 0, 0, 0x7fff0000}};
  plan.init_filter = {{0x06, 0, 0, 0x7fff0000}};
  plan.landlock_scopes = 3;
  plan.landlock_paths = {{text("/usr"), 1, {0, 40}}};
  plan.landlock_ports = {{80, 1, {0, 41}}};
  plan.keep_capabilities = 1 << 10;
  plan.limits = {{7, 1024, {0, 42}}};
  plan.status_fd = 7;
  plan.pass_fds = {5};
  plan.pass_dir_fds = {6};
  plan.cgroup_path = text("/sys/fs/cgroup/fake");
  plan.daemons = {{{text("/usr/bin/proxy"), text("proxy"), {}, {0, 43}}, text("/run/ready"), 1000}};
  plan.run_uid = plan.run_gid = 1000;
  return plan;
}

void install(const Plan& plan) {
  Diagnostics diags;
  const std::string image = encode(plan, diags);
  REQUIRE(!diags.has_errors());
  REQUIRE(image.size() <= sizeof immure_plan);
  std::memcpy(immure_plan, image.data(), image.size());
}

/// Runs the launcher's own main until it ends, and returns its exit status.
int launch(fake::Kernel& kernel) {
  fake::kernel = &kernel;
  Elf64_Phdr header = {};
  header.p_type = PT_LOAD;
  header.p_vaddr = reinterpret_cast<std::uint64_t>(immure_plan);
  header.p_filesz = sizeof immure_plan;
  // One piece of memory, as the kernel lays it out: the launcher wipes it from argv[0] on.
  char strings[] = "launcher\0argument\0HOME=/home/u";
  // clang-format off
  unsigned long stack[] = {2, reinterpret_cast<unsigned long>(strings), reinterpret_cast<unsigned long>(strings + 9), 0, reinterpret_cast<unsigned long>(strings + 18), 0,
                           AT_PHDR, reinterpret_cast<unsigned long>(&header), AT_PHNUM, 1, AT_UID, 1000, AT_EUID, 0, AT_GID, 1000, AT_EGID, 0, AT_RANDOM, 1, AT_NULL, 0};
  // clang-format on
  try {
    initrt::launcher_main(stack);
  } catch (const fake::Exited& exited) {
    return exited.status;
  }
}

/// What rich_plan asks for and this process was started without, in words; "" where it is confined.
std::string missing_of(const fake::Confinement& as) {
  std::string missing;
  const auto want = [&](bool there, const char* what) {
    if (!there) missing.append(missing.empty() ? "" : ", ").append(what);
  };
  constexpr std::uint64_t kKept = 1 << 10;
  want(as.no_new_privs, "no_new_privs");
  want(as.undumpable, "an init that cannot be traced");
  want(as.pivoted && as.host_detached, "the host's tree detached");
  want(as.bounding == kKept, "the bounding set");
  want(as.held == kKept && as.ambient == kKept, "the other sets of capabilities");
  want(as.limits == std::set<unsigned>{7}, "the limit");
  // The scopes, which leave refer to the rules, and within them the rules, which handle whatever this kernel can.
  want(as.domains == std::vector<std::string>{"8192 0 3", "65535 3 0"}, "the Landlock domains");
  want(as.filters == 1, "the filter");
  return missing;
}

/// The daemon, which starts first, and the program: each on its own confined, for the one's filter is not the other's.
void check_confined(const fake::Kernel& kernel) {
  for (const fake::Started& one : kernel.started) {
    INFO(one.path << " was started without: " << missing_of(one.as));
    CHECK(missing_of(one.as).empty());
  }
}

/// Calls whose failure may leave the launch going on, and why.
const std::set<std::string> kHarmless = {
    "close",                                  // nothing was written through it; what stays open is closed by close_range, which is judged
    "umask",                                  // cannot fail
    "getpid",          "getppid", "getpgid",  // cannot fail
    "madvise",                                // EFAULT alone means something; without it the checksum judges
    "setgroups",                              // an ordinary user may not; the groups that stay are the caller's own (KERNEL E 32)
    "wait4",                                  // after the spawn: the program already runs, confined
    "recvmsg",                                // what init reports; nothing of the launch hangs on it
    "rt_sigtimedwait", "kill",
};

/// The step may fail for one of these reasons and be done in another way, or be skipped as the profile says.
bool has_another_way(const fake::Call& call, int error) {
  if (call.name == "landlock_create_ruleset") return error == ENOSYS || error == EINVAL || error == EOPNOTSUPP;  // own network namespace: DESIGN 3.3
  if (call.name == "openat2") return error == ENOSYS || error == ENOENT;                                         // the walk of our own; a target that is made
  if (call.name.rfind("open_tree", 0) == 0 && call.detail == "/dev/pts/0") return true;                          // no console: the program has its output all the same
  if (call.name == "open_tree_attr" && (error == ENOSYS || error == EPERM)) return true;                         // two calls then: kernels before 6.15, filters that do not know it
  if (call.detail == "past the last capability") return error == EINVAL;                                         // which is its answer anyway
  if (call.detail == "/proc/self/status") return true;                                                           // every disposition is reset then
  if (call.name == "move_mount" && call.detail == "proc/keys") return error == ENOENT;                           // `optional`: this kernel has no such file
  if (call.name == "move_mount" && call.detail == "either") return error == EINVAL;                              // the source is a file, so the target becomes one
  if (call.name == "openat" || call.name == "open_tree" || call.name == "open_tree_attr" || call.name == "fstatat") return error == ENOENT;  // `optional`, and missing targets
  if (call.name == "fsconfig" && (call.detail == "userxattr" || call.detail == "lowerdir+" || call.detail == "upperdir" || call.detail == "workdir"))
    return error == EINVAL || error == EOPNOTSUPP;                      // layers by name: kernels before 6.13
  if (call.name == "poll" && call.detail == "for room") return true;    // for a report
  if (call.name == "write" && call.detail == "a report") return true;   // to a supervisor or a reader that is gone
  if (call.name == "ioctl" && call.detail == "terminal?") return true;  // likewise
  if (call.name == "getxattr") return error != EOPNOTSUPP;              // only this one says that there can be none
  return false;
}

}  // namespace

TEST_CASE("launch: on a kernel that says yes the program runs, confined, and its status is init's") {
  install(rich_plan());
  fake::Kernel kernel;
  kernel.as_init = true;
  CHECK(launch(kernel) == 7);
  CHECK(kernel.executed);
  REQUIRE(kernel.started.size() == 2);
  CHECK(kernel.started[0].path == "/usr/bin/proxy");
  CHECK(kernel.started[1].path == "/usr/bin/true");
  check_confined(kernel);
  CHECK(kernel.now.filters == 1);  // init's own, after the start, and not the program's
  CHECK(kernel.messages.empty());
}

TEST_CASE("launch: what the program is started without is noticed, whatever the daemon has") {
  // What a plan does not ask for the launcher leaves out: so each wall's absence is brought about, and has to be what is missing, of the program as of the daemon.
  struct Row {
    const char* missing;
    void (*leave_out)(Plan&);
  };
  for (const Row& row : {
           Row{"the filter",
               [](Plan& plan) {
                 plan.flags &= ~static_cast<std::uint32_t>(wire::kHasFilter);
                 plan.filter.clear();
               }},
           Row{"the Landlock domains", [](Plan& plan) { plan.landlock_scopes = 0; }},
           Row{"the Landlock domains",
               [](Plan& plan) {
                 plan.landlock_paths.clear();
                 plan.landlock_ports.clear();
               }},
           Row{"the limit", [](Plan& plan) { plan.limits.clear(); }},
           Row{"the bounding set, the other sets of capabilities", [](Plan& plan) { plan.keep_capabilities = 1 << 10 | 1 << 12; }},
       }) {
    Plan plan = rich_plan();
    row.leave_out(plan);
    install(plan);
    fake::Kernel kernel;
    kernel.as_init = true;
    CHECK(launch(kernel) == 7);
    REQUIRE(kernel.started.size() == 2);
    for (const fake::Started& one : kernel.started) CHECK(missing_of(one.as) == row.missing);
  }
}

TEST_CASE("launch: the kernel of these tests gives each process its own confinement") {
  fake::Kernel kernel;
  fake::kernel = &kernel;
  const auto daemon = [](void*) {
    (void)initrt::sys::seccomp_filter(nullptr, 1);
    (void)initrt::sys::execve("/usr/bin/proxy", nullptr, nullptr);
  };
  const auto program = [](void*) { (void)initrt::sys::execve("/usr/bin/true", nullptr, nullptr); };
  REQUIRE_FALSE(initrt::sys::spawn(nullptr, daemon, nullptr).failed());
  REQUIRE_FALSE(initrt::sys::spawn(nullptr, program, nullptr).failed());
  REQUIRE(kernel.started.size() == 2);
  CHECK(kernel.started[0].as.filters == 1);
  CHECK(kernel.started[1].as.filters == 0);
  CHECK(missing_of(kernel.started[1].as) ==
        "no_new_privs, an init that cannot be traced, the host's tree detached, the bounding set, the other sets of capabilities, the limit, the Landlock domains, the filter");
}

TEST_CASE("launch: the supervisor ends with init's status and hands signals on") {
  install(rich_plan());
  fake::Kernel kernel;
  kernel.child_waits = true;
  CHECK(launch(kernel) == 7);
  CHECK_FALSE(kernel.executed);
}

namespace {

/// The number of the first call of that kind, from 1.
int number_of(const std::vector<fake::Call>& calls, const std::string& name, const std::string& detail) {
  const auto found = std::find_if(calls.begin(), calls.end(), [&](const fake::Call& call) { return call.name == name && call.detail == detail; });
  REQUIRE(found != calls.end());
  return static_cast<int>(found - calls.begin()) + 1;
}

/// The line of the profile that a message names, or 0.
int line_in(const std::string& message) {
  constexpr std::string_view kPlace = "fake: fake.toml:";
  return message.rfind(kPlace, 0) == 0 ? std::atoi(message.c_str() + kPlace.size()) : 0;
}

/// One line, with the kernel's reason. Three questions have only one answer besides yes: whether a descriptor is open, whether this kernel has Landlock, and the guard's.
bool says_why(const std::string& message, int error) {
  const auto says = [&](const char* text) { return message.find(text) != std::string::npos; };
  return std::count(message.begin(), message.end(), '\n') == 1 && (says(std::strerror(error)) || (error == EINTR && says(": error 4")) || says("is not open: `") ||
                                                                   says("this kernel's Landlock") || says("this kernel has no Landlock") || says("refuses arch_prctl"));
}

}  // namespace

TEST_CASE("launch: whichever call fails, the program has not run or ran confined") {
  install(rich_plan());
  int injected = 0;
  struct Host {
    bool as_init, before_6_15, without_openat2;
  };
  for (const Host& host : {Host{true, false, false}, {true, true, false}, {true, false, true}, {false, false, false}}) {
    const bool as_init = host.as_init;
    fake::Kernel clean;
    clean.as_init = as_init;
    clean.before_6_15 = host.before_6_15;
    clean.without_openat2 = host.without_openat2;
    REQUIRE(launch(clean) == 7);
    const int total = static_cast<int>(clean.calls.size());
    // The ops' calls lie between these; each names its line, the first 10 and the last 31.
    const int first_op = as_init ? number_of(clean.calls, "mkdirat", "a") : 0, after_ops = as_init ? number_of(clean.calls, "move_mount", "/proc") : 0;
    const int start = as_init ? number_of(clean.calls, "execve", "/usr/bin/true") : 0;
    int line = 10;
    for (int n = 1; n <= total; ++n) {
      // EINTR ends within sys.cc, where an interrupted call is made again (interrupted.cc); should it ever come out of there, it is an error like any other.
      for (const int error : {EPERM, ENOMEM, ENOSYS, EINVAL, EOPNOTSUPP, EMFILE, ENOSPC, EIO, ENOENT, EINTR}) {
        fake::Kernel kernel;
        kernel.as_init = as_init;
        kernel.before_6_15 = host.before_6_15;
        kernel.without_openat2 = host.without_openat2;
        kernel.fail_at = n;
        kernel.fail_with = error;
        const int status = launch(kernel);
        ++injected;
        const fake::Call& failed = clean.calls[static_cast<std::size_t>(n - 1)];
        INFO("call " << n << " (" << failed.name << " " << failed.detail << ") failed with " << error << ": status " << status << ", said " << kernel.messages);
        const bool may_fail = kHarmless.contains(failed.name) || has_another_way(failed, error);
        check_confined(kernel);
        if (kernel.executed) {
          if (n <= start) CHECK(may_fail);
          CHECK((status == 7 || (n > start && status == 125)));
        } else if (as_init) {
          CHECK(n <= start);
          if (n < start) CHECK(status == 125);
          if (n == start) CHECK((status == 126 || status == 127));
          CHECK((says_why(kernel.messages, error) || failed.name == "write"));
          CHECK((kernel.messages.rfind("fake: ", 0) == 0 || n <= 4));  // before the plan is read, the name is the file's
          if (n >= first_op && n < after_ops && !kernel.messages.empty()) {
            CHECK(line_in(kernel.messages) >= line);
            CHECK(line_in(kernel.messages) <= 31);
            line = line_in(kernel.messages);
          }
        } else if (status != 7) {
          CHECK(status == 125);
          CHECK((says_why(kernel.messages, error) || kHarmless.contains(failed.name)));
        } else {
          CHECK(may_fail);
        }
      }
    }
    if (as_init) CHECK(line == 31);
  }
  WARN("faults injected: " << injected);
}

TEST_CASE("launch: a kernel that takes no layer by descriptor gets the layers by name") {
  install(rich_plan());
  fake::Kernel clean;
  clean.as_init = true;
  launch(clean);
  const auto first = std::find_if(clean.calls.begin(), clean.calls.end(), [](const fake::Call& call) { return call.detail == "lowerdir+"; });
  REQUIRE(first != clean.calls.end());
  // EBADF: before 6.13 fsconfig takes no O_PATH descriptor. EOPNOTSUPP: before 6.5 overlayfs was configured by one string alone. EINVAL: it wants a string.
  for (const int error : {EBADF, EINVAL, EOPNOTSUPP}) {
    fake::Kernel kernel;
    kernel.as_init = true;
    kernel.fail_at = static_cast<int>(first - clean.calls.begin()) + 1;
    kernel.fail_with = error;
    INFO("errno " << error << ": " << kernel.messages);
    CHECK(launch(kernel) == 7);
    CHECK(std::any_of(kernel.calls.begin(), kernel.calls.end(), [](const fake::Call& call) { return call.name == "mount" && call.detail == "overlay"; }));
  }
}

TEST_CASE("launch: a writable directory that cannot be looked at ends the launch: a link below it could not be told from one of the host's") {
  install(rich_plan());
  fake::Kernel clean;
  clean.as_init = true;
  clean.behind_a_link = "/l1";
  REQUIRE(launch(clean) == 7);
  const auto link = std::find_if(clean.calls.begin(), clean.calls.end(), [](const fake::Call& call) { return call.name == "openat2" && call.detail == "/l1"; });
  const auto look = std::find_if(link, clean.calls.end(), [](const fake::Call& call) { return call.name == "fstatat" && call.detail == "/srv"; });
  REQUIRE(look != clean.calls.end());
  for (const int error : {EIO, EACCES, ENOMEM}) {
    fake::Kernel kernel;
    kernel.as_init = true;
    kernel.behind_a_link = "/l1";
    kernel.fail_at = static_cast<int>(look - clean.calls.begin()) + 1;
    kernel.fail_with = error;
    CHECK(launch(kernel) == 125);
    CHECK_FALSE(kernel.executed);
    CHECK(kernel.messages.find("cannot look at a directory that this profile makes writable, `/srv`") != std::string::npos);
  }
}

TEST_CASE("launch: no space for a mount is the limit of mounts and not the disk, and the line says so") {
  install(rich_plan());
  fake::Kernel clean;
  clean.as_init = true;
  launch(clean);
  int tried = 0;
  for (std::size_t i = 0; i < clean.calls.size(); ++i) {
    if (clean.calls[i].name != "mount" && clean.calls[i].name != "move_mount") continue;
    fake::Kernel kernel;
    kernel.as_init = true;
    kernel.fail_at = static_cast<int>(i + 1);
    kernel.fail_with = ENOSPC;
    INFO(clean.calls[i].name << " " << clean.calls[i].detail << ": " << kernel.messages);
    CHECK(launch(kernel) == 125);
    CHECK(kernel.messages.find(": No space left on device (the limit of mounts is reached, not the disk: the sysctl `fs.mount-max`)\n") != std::string::npos);
    ++tried;
  }
  CHECK(tried > 15);
}

TEST_CASE("launch: where namespaces are refused the line says by whom, as far as the kernel tells, and AppArmor's restriction is recognised") {
  Plan plan = rich_plan();
  plan.cgroup_path = text("");
  install(plan);
  fake::Kernel clean;
  launch(clean);
  struct Row {
    int error;
    const char* restricted;  // what /proc says of AppArmor
    const char* hint;
  };
  for (const Row& row : {Row{EPERM, "1\n", "AppArmor restricts user namespaces here"}, Row{EACCES, "1\n", "AppArmor restricts user namespaces here"},
                         Row{EPERM, "0\n", "user namespaces are forbidden here"}, Row{EPERM, "", "user namespaces are forbidden here"},
                         Row{ENOSPC, "0\n", "the limit of namespaces is reached or 0"}, Row{EINVAL, "", "this kernel lacks a kind of namespace"}}) {
    fake::Kernel kernel;
    kernel.files["/proc/sys/kernel/apparmor_restrict_unprivileged_userns"] = row.restricted;
    kernel.fail_at = number_of(clean.calls, "clone", "");
    kernel.fail_with = row.error;
    CHECK(launch(kernel) == 125);
    INFO(kernel.messages);
    CHECK(kernel.messages.rfind("fake: cannot start init in new namespaces: ", 0) == 0);
    CHECK(kernel.messages.find(row.hint) != std::string::npos);
    CHECK(std::count(kernel.messages.begin(), kernel.messages.end(), '\n') == 1);
  }
  // AppArmor lets the namespace be made, and then refuses the writing of the ids.
  fake::Kernel inside;
  inside.as_init = true;
  launch(inside);
  fake::Kernel kernel;
  kernel.as_init = true;
  kernel.fail_at = number_of(inside.calls, "write", "/proc/self/uid_map");
  kernel.fail_with = EPERM;
  CHECK(launch(kernel) == 125);
  INFO(kernel.messages);
  CHECK(kernel.messages.rfind("fake: cannot write `/proc/self/uid_map`: Operation not permitted (AppArmor or the container around this may forbid user namespaces)", 0) == 0);
}

TEST_CASE("launch: a message names the profile, the line, the op and the error") {
  install(rich_plan());
  fake::Kernel clean;
  clean.as_init = true;
  launch(clean);
  fake::Kernel kernel;
  kernel.as_init = true;
  for (std::size_t i = 0; i < clean.calls.size(); ++i)
    if (clean.calls[i].name == "openat" && clean.calls[i].detail == "/l1") {
      kernel.fail_at = static_cast<int>(i + 1);
      break;
    }
  kernel.fail_with = EACCES;
  // The profile makes /srv writable, so sources are opened with care: by openat2 first.
  for (std::size_t i = 0; kernel.fail_at == 0 && i < clean.calls.size(); ++i)
    if (clean.calls[i].name == "openat2" && clean.calls[i].detail == "/l1") kernel.fail_at = static_cast<int>(i + 1);
  REQUIRE(kernel.fail_at != 0);
  CHECK(launch(kernel) == 125);
  CHECK(kernel.messages == "fake: fake.toml:25: overlay `/o1`: cannot open the layer `/l1`: Permission denied\n");
}

TEST_CASE("launch: the target of a bind is a directory until the source shows to be a file") {
  install(rich_plan());
  fake::Kernel kernel;
  kernel.as_init = true;
  CHECK(launch(kernel) == 7);
  std::vector<std::string> made;
  for (const fake::Call& call : kernel.calls)
    if (call.detail == "either") made.push_back(call.name);
  CHECK(made == std::vector<std::string>{"mkdirat", "move_mount", "unlinkat", "mknodat", "move_mount"});
}

TEST_CASE("launch: a cgroup that cannot take init ends the launch, and the line says why") {
  for (const bool by_descriptor : {false, true}) {
    Plan plan = rich_plan();
    plan.cgroup_origin = {0, 44};
    if (by_descriptor) {
      plan.cgroup_path = text("");
      plan.cgroup_fd = 9;
    }
    install(plan);
    fake::Kernel clean;
    launch(clean);
    const auto clone = std::find_if(clean.calls.begin(), clean.calls.end(), [](const fake::Call& call) { return call.name == "clone3"; });
    REQUIRE(clone != clean.calls.end());
    const std::string place = by_descriptor ? "fake: fake.toml:44: cgroup of descriptor `9`: " : "fake: fake.toml:44: cgroup `/sys/fs/cgroup/fake`: ";
    for (const int error : {EACCES, EAGAIN, EBADF, EBUSY, ENODEV, ENOENT, EOPNOTSUPP}) {
      fake::Kernel kernel;
      kernel.fail_at = static_cast<int>(clone - clean.calls.begin()) + 1;
      kernel.fail_with = error;
      CHECK(launch(kernel) == 125);
      CHECK(kernel.messages.rfind(place + "cannot start init in it: ", 0) == 0);
      CHECK(kernel.messages.find('(') != std::string::npos);
    }
    // What namespaces are refused with says nothing about the cgroup.
    fake::Kernel kernel;
    kernel.fail_at = static_cast<int>(clone - clean.calls.begin()) + 1;
    kernel.fail_with = ENOSPC;
    CHECK(launch(kernel) == 125);
    CHECK(kernel.messages.rfind("fake: cannot start init in new namespaces: ", 0) == 0);
  }
}

TEST_CASE("launch: an upper on a filesystem without user xattrs is refused before it is mounted") {
  install(rich_plan());
  fake::Kernel clean;
  clean.as_init = true;
  launch(clean);
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < clean.calls.size(); ++i) {
    if (clean.calls[i].name != "getxattr") continue;
    fake::Kernel kernel;
    kernel.as_init = true;
    kernel.fail_at = static_cast<int>(i + 1);
    kernel.fail_with = EOPNOTSUPP;
    CHECK(launch(kernel) == 125);
    messages.push_back(kernel.messages);
  }
  REQUIRE(messages.size() == 2);  // with directories of its own, and ephemeral
  CHECK(messages[0].find("overlay `/o2`") != std::string::npos);
  CHECK(messages[1].find("overlay `/o3`") != std::string::npos);
  CHECK(messages[1].find("Linux 6.6") != std::string::npos);
}

TEST_CASE("launch: a damaged plan ends with 125 and one line") {
  install(rich_plan());
  immure_plan[100] ^= 1;
  fake::Kernel kernel;
  CHECK(launch(kernel) == 125);
  CHECK(kernel.messages == "launcher: the plan is damaged (checksum) (this launcher is not whole: build it again)\n");
}

namespace {

std::vector<std::string> signals_reset(const std::string& status) {
  fake::Kernel kernel;
  kernel.as_init = true;
  kernel.status = status;
  REQUIRE(launch(kernel) == 7);
  std::vector<std::string> reset;
  for (const fake::Call& call : kernel.calls)
    if (call.name == "rt_sigaction") reset.push_back(call.detail);
  return reset;
}

}  // namespace

TEST_CASE("launch: the signals that the caller ignored are reset, and all where that cannot be read") {
  install(rich_plan());
  CHECK(signals_reset("State:\tR\nSigIgn:\t0000000000000000\n").empty());
  CHECK(signals_reset("State:\tR\nSigIgn:\t8000000000010001\n") == std::vector<std::string>{"1", "17", "64"});
  for (const char* unreadable : {"", "State:\tR\n", "SigIgn:\t", "SigIgn:\t000000000000000", "SigIgn:\t00000000000000000\n", "SigIgn:\t000000000000000g\n"})
    CHECK(signals_reset(unreadable).size() == 62);
}

namespace {

/// What was asked of Landlock, in order: rulesets as "rights ports scopes", rules as "path rights" or "port rights".
std::vector<std::string> asked_of_landlock(int version, int& status) {
  fake::Kernel kernel;
  kernel.as_init = true;
  kernel.landlock_version = version;
  status = launch(kernel);
  CHECK(kernel.executed == (status == 7));
  std::vector<std::string> asked;
  for (const fake::Call& call : kernel.calls)
    if (call.name == "landlock_create_ruleset" || call.name == "landlock_add_rule") asked.push_back(call.detail);
  return asked;
}

/// A plan whose rules name every right there is of a directory, and of a port.
Plan landlock_plan(std::uint32_t extra_flags) {
  Plan plan = rich_plan(extra_flags);
  plan.flags |= wire::kNewNetwork;  // so that it is no harm where scopes are missing
  plan.landlock_paths = {{text("/a"), 0xffff, {0, 40}}};
  plan.landlock_ports = {{80, 3, {0, 41}}};
  return plan;
}

}  // namespace

TEST_CASE("launch: one Landlock rule handles every right of the kernel's version, and a right that it lacks ends the launch unless the profile weakens") {
  struct Row {
    int version;
    int rights;  // of the file system
    int ports;
  };
  // landlock(7), "Landlock ABI": refer came with 2, truncate with 3, ports with 4, ioctl-dev with 5, scopes with 6.
  for (const Row& row : {Row{1, 0x1fff, 0}, Row{2, 0x3fff, 0}, Row{3, 0x7fff, 0}, Row{4, 0x7fff, 3}, Row{5, 0xffff, 3}, Row{6, 0xffff, 3}, Row{7, 0xffff, 3}}) {
    INFO("version " << row.version);
    int status = 0;
    install(landlock_plan(wire::kWeakenRules));
    const std::vector<std::string> asked = asked_of_landlock(row.version, status);
    CHECK(status == 7);
    std::vector<std::string> expected;
    // The domain of the scopes leaves refer to the rules: any other domain denies it.
    if (row.version >= 6) expected = {"8192 0 3", "/ 8192"};
    else expected = {"scopes"};
    expected.push_back(std::to_string(row.rights) + " " + std::to_string(row.ports) + " 0");
    expected.push_back("/a " + std::to_string(row.rights));
    if (row.ports != 0) expected.push_back("port 3");
    CHECK(asked == expected);

    install(landlock_plan(0));
    asked_of_landlock(row.version, status);
    CHECK(status == (row.version >= 5 ? 7 : 125));
  }
  int status = 0;
  install(landlock_plan(wire::kWeakenRules));
  CHECK(asked_of_landlock(0, status) == std::vector<std::string>{"scopes"});
  CHECK(status == 7);
  install(landlock_plan(0));
  asked_of_landlock(0, status);
  CHECK(status == 125);
}
