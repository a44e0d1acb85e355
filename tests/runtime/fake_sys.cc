// See fake_sys.h. Every call goes through `step`, which is where the chosen one fails.
#include "tests/runtime/fake_sys.h"

#include <algorithm>
#include <cstring>

#include "initrt/sys.h"

namespace fake {
Kernel* kernel = nullptr;
}

namespace initrt::sys {
namespace {

using fake::kernel;

Result step(const char* name, long success, std::string detail = "") {
  kernel->calls.push_back({name, std::move(detail)});
  if (static_cast<int>(kernel->calls.size()) == kernel->fail_at) return {-kernel->fail_with};
  return {success};
}

Result new_descriptor(const char* name, const std::string& path) {
  const Result result = step(name, kernel->next_fd, path);
  if (result.failed()) return result;
  ++kernel->open_descriptors;
  kernel->paths[kernel->next_fd++] = path;
  return result;
}

std::string path_of(int dir, const char* path) { return *path != 0 || !kernel->paths.contains(dir) ? path : kernel->paths[dir]; }

}  // namespace

Result openat(int dir, const char* path, int, unsigned) { return new_descriptor("openat", path_of(dir, path)); }
Result openat2(int dir, const char* path, std::uint64_t, std::uint64_t) {
  const std::string name = path_of(dir, path);
  if (kernel->without_openat2) return step("openat2", -ENOSYS, name);
  if (!name.empty() && name == kernel->behind_a_link) return step("openat2", -ELOOP, name);
  return new_descriptor("openat2", name);
}
void close(int fd) {
  (void)step("close", 0);
  kernel->paths.erase(fd);
}
Result close_range(unsigned, unsigned) { return step("close_range", 0); }
Result read(int fd, void* buffer, std::size_t size) {
  const std::string path = path_of(fd, "");
  const std::string text = path == "/proc/self/status" ? kernel->status : kernel->files[path];
  std::memset(buffer, 0, size);
  std::memcpy(buffer, text.data(), std::min(size, text.size()));
  return step("read", static_cast<long>(std::min(size, text.size())), path);
}
Result write(int fd, const void* buffer, std::size_t size) {
  const Result result = step("write", static_cast<long>(size), kernel->paths.contains(fd) ? kernel->paths[fd] : "a report");
  if (fd == 2 && !result.failed()) kernel->messages.append(static_cast<const char*>(buffer), size);
  return result;
}
Result fstatat(int dir, const char* path, Stat* out, int) {
  const std::string name = path_of(dir, path);
  if (name == "/run/ready" && !kernel->daemon_ready) return step("fstatat", -ENOENT, name);
  *out = {};
  out->st_dev = 77;                                     // one filesystem for all, which the root's is: everything may be made there
  out->st_ino = dir == AT_FDCWD && *path == 0 ? 1 : 2;  // only the root is the root
  out->st_mode = name.rfind("/dev/", 0) == 0 || name == "null" ? kCharacterDevice | 0666 : kDirectory | 0755;
  if (name == "/etc/hostname") out->st_mode = kRegularFile | 0644;
  if (dir >= 0 && dir <= 2 && *path == 0) out->st_mode = kCharacterDevice | 0620;  // the standard ones
  if (dir == 5 && *path == 0) out->st_mode = kRegularFile | 0644;                  // what is passed on
  out->st_rdev = 1 << 8 | 3;
  return step("fstatat", 0, name);
}
Result fstatfs(int, struct statfs* out) {
  *out = {};
  return step("fstatfs", 0);
}
Result readlinkat(int, const char* path, char* buffer, std::size_t) {
  std::memcpy(buffer, "/dev/pts/0", 10);
  return step("readlinkat", 10, path);
}
Result getdents(int, void*, std::size_t) { return step("getdents64", 0); }
Result mkdirat(int, const char* path, unsigned) {
  kernel->directories.insert(path);
  return step("mkdirat", 0, path);
}
Result make_file(int, const char* path, unsigned) { return step("mknodat", 0, path); }
Result symlinkat(const char*, int, const char* path) { return step("symlinkat", 0, path); }
Result unlinkat(int, const char* path, int) {
  kernel->directories.erase(path);
  return step("unlinkat", 0, path);
}
Result flock(int, int) { return step("flock", 0); }
Result getxattr(const char* path, const char*) { return step("getxattr", -ENODATA, path); }
Result dup3(int, int to, int) { return step("dup3", to); }
Result socket_pair(int fds[2]) {
  fds[0] = kernel->next_fd++;
  fds[1] = kernel->next_fd++;
  return step("socketpair", 0);
}
Result pass_credentials(int) { return step("setsockopt", 0); }
Result receive(int, void*, std::size_t, int* sender) {
  *sender = 0;
  return step("recvmsg", -EAGAIN);
}
Result fcntl(int, int, long) { return step("fcntl", 0); }
Result ioctl(int, unsigned long command, void*) { return step("ioctl", 0, command == TCGETS ? "terminal?" : ""); }
Result poll(struct pollfd* fds, unsigned count, int) {
  int ready = 0;
  for (unsigned i = 0; i < count; ++i) {
    fds[i].revents = fds[i].events & POLLOUT;  // there is room, and no news
    ready += fds[i].revents != 0 ? 1 : 0;
  }
  return step("poll", ready, ready != 0 ? "for room" : "");
}
unsigned umask(unsigned) {
  (void)step("umask", 0);
  return 022;
}

Result open_tree(int dir, const char* path, unsigned) { return new_descriptor("open_tree", path_of(dir, path)); }
Result open_tree_attr(int dir, const char* path, unsigned, struct mount_attr*) {
  if (kernel->before_6_15) return step("open_tree_attr", -ENOSYS, path);
  return new_descriptor("open_tree_attr", path_of(dir, path));
}
Result move_mount(int from, const char*, int, const char* path, unsigned) {
  const bool file_on_directory = kernel->paths[from] == "/etc/hostname" && kernel->directories.contains(path);
  return step("move_mount", file_on_directory ? -EINVAL : 0, path);
}
Result fsopen(const char* fstype) { return new_descriptor("fsopen", fstype); }
Result fsconfig(int, unsigned, const char* key, const void*, int) { return step("fsconfig", 0, key == nullptr ? "create" : key); }
Result fsmount(int, unsigned) { return new_descriptor("fsmount", ""); }
Result mount_setattr(int, const char* path, unsigned, struct mount_attr*) { return step("mount_setattr", 0, path); }
Result mount(const char*, const char* target, const char* fstype, unsigned long, const char*) {
  return step("mount", 0, fstype != nullptr && std::string(fstype) == "overlay" ? fstype : target);
}
Result umount(const char* target, int) {
  const Result result = step("umount2", 0, target);
  if (!result.failed() && kernel->now.pivoted && std::string(target) == ".") kernel->now.host_detached = true;
  return result;
}
Result pivot_root(const char*, const char*) {
  const Result result = step("pivot_root", 0);
  kernel->now.pivoted |= !result.failed();
  return result;
}
Result chdir(const char* path) { return step("chdir", 0, path); }
Result fchdir(int) { return step("fchdir", 0); }

Result populate(const void*, std::size_t) { return step("madvise", 0); }
Result share_page() {
  const Result result = step("mmap", reinterpret_cast<long>(kernel->shared_page));
  if (!result.failed()) std::memset(kernel->shared_page, 0, sizeof kernel->shared_page);
  return result;
}
Result clone_into(unsigned long, int) { return step("clone3", kernel->as_init ? 0 : 4242); }
Result unshare(unsigned long) { return step("unshare", 0); }
Result clone(unsigned long) { return step("clone", kernel->as_init ? 0 : 4242); }
Result spawn(void*, void (*run)(void*), void* argument) {
  const Result result = step("spawn", kernel->next_pid++);
  if (result.failed()) return result;
  const fake::Confinement parent = kernel->now;
  try {
    run(argument);
  } catch (const fake::Exited&) {
  } catch (const fake::Executed&) {
  }
  kernel->now = parent;
  return result;
}
Result execve(const char* path, const char* const*, const char* const*) {
  const Result result = step("execve", 0, path);
  if (result.failed()) return result;
  kernel->started.push_back({path, kernel->now});
  if (std::string(path) == "/usr/bin/proxy") {
    kernel->daemon_ready = true;
    throw fake::Executed();
  }
  kernel->executed = true;
  throw fake::Executed();
}
void exit(int status) { throw fake::Exited{status}; }
Result wait4(int, int* status, int) {
  *status = 7 << 8;
  const bool program_started = !kernel->as_init || kernel->executed;
  const Result result = step("wait4", !program_started ? 0 : kernel->child_waits ? (kernel->as_init ? kernel->next_pid - 1 : 4242) : -ECHILD);
  if (!result.failed() && program_started) kernel->child_waits = false;
  return result;
}
Result kill(int, int) { return step("kill", 0); }
Result pidfd_open(int) { return new_descriptor("pidfd_open", ""); }
// These cannot fail.
int getpid() { return static_cast<void>(step("getpid", 10)), 10; }
int getppid() { return static_cast<void>(step("getppid", 9)), 9; }
int getpgid(int) { return static_cast<void>(step("getpgid", 8)), 8; }
Result setpgid(int, int) { return step("setpgid", 0); }
Result setsid() { return step("setsid", 1); }
Result set_thread_pointer(unsigned long) { return step("arch_prctl", 0); }
Result prctl(int option, unsigned long a, unsigned long b, unsigned long, unsigned long) {
  if (option == PR_CAPBSET_DROP && a == 41) return step("prctl", -EINVAL, "past the last capability");
  const Result result = step("prctl", 0, std::to_string(option));
  if (result.failed()) return result;
  if (option == PR_SET_NO_NEW_PRIVS) kernel->now.no_new_privs = a == 1;
  if (option == PR_SET_DUMPABLE) kernel->now.undumpable = a == 0;
  if (option == PR_CAPBSET_DROP) kernel->now.bounding &= ~(std::uint64_t{1} << a);
  if (option == PR_CAP_AMBIENT && a == PR_CAP_AMBIENT_RAISE) kernel->now.ambient |= std::uint64_t{1} << b;
  return result;
}

Result set_signal_mask(SignalSet) { return step("rt_sigprocmask", 0); }
Result default_signal(int signal) { return step("rt_sigaction", 0, std::to_string(signal)); }
Result wait_signal(SignalSet, long) { return step("rt_sigtimedwait", kernel->signals_before_end-- > 0 ? kSigTerm : kSigChld); }

Result setgroups_none() { return step("setgroups", 0); }
Result sethostname(const char*, std::size_t) { return step("sethostname", 0); }
int count_groups() { return static_cast<void>(step("getgroups", 1)), 1; }  // cannot fail
Result setgid(unsigned) { return step("setresgid", 0); }
Result setuid(unsigned) { return step("setresuid", 0); }
Result set_limit(unsigned resource, std::uint64_t) {
  const Result result = step("setrlimit", 0);
  if (!result.failed()) kernel->now.limits.insert(resource);
  return result;
}
Result capset(std::uint64_t capabilities) {
  const Result result = step("capset", 0);
  if (result.failed()) return result;
  kernel->now.held = capabilities;
  kernel->now.ambient &= capabilities;  // capabilities(7): never more than what is permitted and inheritable
  return result;
}
Result get_limit(unsigned, std::uint64_t& value) { return value = 8u << 20, step("getrlimit", 0); }
Result personality(unsigned long) { return step("personality", 0); }
Result landlock_abi() { return step("landlock_abi", kernel->landlock_version == 0 ? -ENOSYS : kernel->landlock_version); }
Result landlock_add_path(int, int path, std::uint64_t access) { return step("landlock_add_rule", 0, path_of(path, "") + " " + std::to_string(access)); }
Result landlock_add_port(int, std::uint64_t, std::uint64_t access) { return step("landlock_add_rule", 0, "port " + std::to_string(access)); }
Result socket(int, int, int) { return new_descriptor("socket", ""); }
Result landlock_create(const LandlockRulesetAttr* attr, std::size_t size) {
  if (attr->scoped != 0 && kernel->landlock_version < 6) return step("landlock_create_ruleset", -E2BIG, "scopes");
  const std::uint64_t ports = size >= 16 ? attr->handled_access_net : 0;
  return new_descriptor("landlock_create_ruleset", std::to_string(attr->handled_access_fs) + " " + std::to_string(ports) + " " + std::to_string(size >= 24 ? attr->scoped : 0));
}
Result landlock_restrict(int ruleset) {
  const Result result = step("landlock_restrict_self", 0);
  if (!result.failed()) kernel->now.domains.push_back(path_of(ruleset, ""));
  return result;
}
Result seccomp_filter(const void*, unsigned short) {
  const Result result = step("seccomp", 0);
  if (!result.failed()) ++kernel->now.filters;
  return result;
}

std::uint64_t monotonic_ms() { return 1000; }

}  // namespace initrt::sys
