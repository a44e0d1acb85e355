// The real sys.cc on a kernel that interrupts every call twice: each is made again with the same arguments, so that EINTR never reaches the launcher's code.
#include <array>
#include <functional>
#include <vector>

#include "initrt/sys.h"
#include "tests/unit/catch.h"

namespace {

using Entry = std::array<unsigned long, 7>;  // the number and the six arguments
std::vector<Entry> entries;
constexpr std::size_t kInterruptions = 2;
constexpr long kAnswer = 5;

long enter(const Entry& entry) {
  entries.push_back(entry);
  return entries.size() <= kInterruptions ? -EINTR : kAnswer;
}

}  // namespace

namespace initrt {
long raw_syscall(long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e, unsigned long f) {
  return enter({static_cast<unsigned long>(number), a, b, c, d, e, f});
}
}  // namespace initrt
extern "C" long clone_on_stack(unsigned long flags, void* stack_top, void (*run)(void*), void* argument) {
  return enter({__NR_clone, flags, reinterpret_cast<unsigned long>(stack_top), reinterpret_cast<unsigned long>(run), reinterpret_cast<unsigned long>(argument)});
}

TEST_CASE("sys: an interrupted call is made again with the same arguments") {
  using namespace initrt;
  char buffer[64] = {};
  const char* const none[] = {nullptr};
  Stat stat;
  struct statfs filesystem;
  struct mount_attr attributes = {};
  struct pollfd polled = {};
  LandlockRulesetAttr ruleset = {};
  int two[2] = {}, number = 0;
  std::uint64_t limit = 0;
  const auto child = [](void*) {};
  struct Row {
    const char* name;
    std::function<Result()> call;
  };
  // In the order of sys.h. Left out are close, of which the next test speaks, exit and the clock, which no signal interrupts.
  const std::vector<Row> rows = {
      {"openat", [&] { return sys::openat(3, "a", 1, 2); }},
      {"openat2", [&] { return sys::openat2(3, "a", 1, 2); }},
      {"close_range", [&] { return sys::close_range(3, 9); }},
      {"read", [&] { return sys::read(3, buffer, sizeof buffer); }},
      {"write", [&] { return sys::write(3, buffer, sizeof buffer); }},
      {"fstatat", [&] { return sys::fstatat(3, "a", &stat, 0); }},
      {"fstatfs", [&] { return sys::fstatfs(3, &filesystem); }},
      {"readlinkat", [&] { return sys::readlinkat(3, "a", buffer, sizeof buffer); }},
      {"getdents", [&] { return sys::getdents(3, buffer, sizeof buffer); }},
      {"mkdirat", [&] { return sys::mkdirat(3, "a", 0755); }},
      {"make_file", [&] { return sys::make_file(3, "a", 0644); }},
      {"symlinkat", [&] { return sys::symlinkat("a", 3, "b"); }},
      {"unlinkat", [&] { return sys::unlinkat(3, "a", 0); }},
      {"flock", [&] { return sys::flock(3, 2); }},
      {"getxattr", [&] { return sys::getxattr("a", "b"); }},
      {"dup3", [&] { return sys::dup3(3, 4, 0); }},
      {"socket_pair", [&] { return sys::socket_pair(two); }},
      {"pass_credentials", [&] { return sys::pass_credentials(3); }},
      {"receive", [&] { return sys::receive(3, buffer, sizeof buffer, &number); }},
      {"fcntl", [&] { return sys::fcntl(3, 4, 5); }},
      {"ioctl", [&] { return sys::ioctl(3, 4, buffer); }},
      {"poll", [&] { return sys::poll(&polled, 1, 0); }},
      {"umask", [&] { return Result{static_cast<long>(sys::umask(022))}; }},
      {"open_tree", [&] { return sys::open_tree(3, "a", 1); }},
      {"open_tree_attr", [&] { return sys::open_tree_attr(3, "a", 1, &attributes); }},
      {"move_mount", [&] { return sys::move_mount(3, "a", 4, "b", 1); }},
      {"fsopen", [&] { return sys::fsopen("tmpfs"); }},
      {"fsconfig", [&] { return sys::fsconfig(3, 4, "a", "b", 5); }},
      {"fsmount", [&] { return sys::fsmount(3, 4); }},
      {"mount_setattr", [&] { return sys::mount_setattr(3, "a", 1, &attributes); }},
      {"mount", [&] { return sys::mount("a", "b", "c", 1, "d"); }},
      {"umount", [&] { return sys::umount("a", 1); }},
      {"pivot_root", [&] { return sys::pivot_root("a", "b"); }},
      {"chdir", [&] { return sys::chdir("a"); }},
      {"fchdir", [&] { return sys::fchdir(3); }},
      {"share_page", [&] { return sys::share_page(); }},
      {"populate", [&] { return sys::populate(buffer, sizeof buffer); }},
      {"clone_into", [&] { return sys::clone_into(17, 3); }},
      {"unshare", [&] { return sys::unshare(1); }},
      {"clone", [&] { return sys::clone(17); }},
      {"spawn", [&] { return sys::spawn(buffer, child, &number); }},
      {"execve", [&] { return sys::execve("a", none, none); }},
      {"wait4", [&] { return sys::wait4(-1, &number, 1); }},
      {"kill", [&] { return sys::kill(2, 3); }},
      {"pidfd_open", [&] { return sys::pidfd_open(2); }},
      {"getpid", [&] { return Result{sys::getpid()}; }},
      {"getppid", [&] { return Result{sys::getppid()}; }},
      {"getpgid", [&] { return Result{sys::getpgid(2)}; }},
      {"setpgid", [&] { return sys::setpgid(2, 3); }},
      {"setsid", [&] { return sys::setsid(); }},
      {"set_thread_pointer", [&] { return sys::set_thread_pointer(7); }},
      {"prctl", [&] { return sys::prctl(1, 2, 3, 4, 5); }},
      {"set_signal_mask", [&] { return sys::set_signal_mask(1); }},
      {"default_signal", [&] { return sys::default_signal(1); }},
      {"wait_signal", [&] { return sys::wait_signal(1, 1000); }},
      {"setgroups_none", [&] { return sys::setgroups_none(); }},
      {"sethostname", [&] { return sys::sethostname("a", 1); }},
      {"count_groups", [&] { return Result{sys::count_groups()}; }},
      {"setgid", [&] { return sys::setgid(7); }},
      {"setuid", [&] { return sys::setuid(7); }},
      {"set_limit", [&] { return sys::set_limit(7, 8); }},
      {"get_limit", [&] { return sys::get_limit(1, limit); }},
      {"personality", [&] { return sys::personality(0); }},
      {"capset", [&] { return sys::capset(1); }},
      {"landlock_abi", [&] { return sys::landlock_abi(); }},
      {"landlock_add_path", [&] { return sys::landlock_add_path(3, 4, 5); }},
      {"landlock_add_port", [&] { return sys::landlock_add_port(3, 4, 5); }},
      {"socket", [&] { return sys::socket(1, 2, 0); }},
      {"landlock_create", [&] { return sys::landlock_create(&ruleset, sizeof ruleset); }},
      {"landlock_restrict", [&] { return sys::landlock_restrict(3); }},
      {"seccomp_filter", [&] { return sys::seccomp_filter(buffer, 1); }},
  };
  for (const Row& row : rows) {
    entries.clear();
    const Result result = row.call();
    INFO(row.name);
    CHECK(result.raw == kAnswer);
    REQUIRE(entries.size() == kInterruptions + 1);
    for (const Entry& entry : entries) CHECK(entry == entries[0]);
  }
}

TEST_CASE("sys: a close that is interrupted is not made again, for on Linux it has closed") {
  entries.clear();
  initrt::sys::close(3);
  REQUIRE(entries.size() == 1);
  CHECK(entries[0][0] == __NR_close);
}
