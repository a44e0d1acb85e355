// The real system calls. One line each; what a number or a flag means is said in sys.h and in the man page of that name.
#include "initrt/sys.h"

#include "initrt/syscall_x86_64.h"

extern "C" long clone_on_stack(unsigned long flags, void* stack_top, void (*run)(void*), void* argument);

namespace initrt::sys {
namespace {

inline unsigned long word(long v) { return static_cast<unsigned long>(v); }
inline unsigned long word(int v) { return static_cast<unsigned long>(static_cast<long>(v)); }
inline unsigned long word(unsigned v) { return v; }
inline unsigned long word(unsigned long v) { return v; }
inline unsigned long word(const void* p) { return reinterpret_cast<unsigned long>(p); }

template <class... Arguments>
inline Result call(long number, Arguments... arguments) {
  long result;
  do result = raw_syscall(number, word(arguments)...);
  while (result == -EINTR);
  return {result};
}

}  // namespace

Result openat(int dir, const char* path, int flags, unsigned mode) { return call(__NR_openat, dir, path, flags, mode); }
Result openat2(int dir, const char* path, std::uint64_t flags, std::uint64_t resolve) {
  struct open_how how = {flags, 0, resolve};
  return call(__NR_openat2, dir, path, &how, sizeof how);
}
void close(int fd) { raw_syscall(__NR_close, word(fd)); }
Result close_range(unsigned first, unsigned last) { return call(__NR_close_range, first, last, 0u); }
Result read(int fd, void* buffer, std::size_t size) { return call(__NR_read, fd, buffer, size); }
Result write(int fd, const void* buffer, std::size_t size) { return call(__NR_write, fd, buffer, size); }
Result fstatat(int dir, const char* path, Stat* out, int flags) { return call(__NR_newfstatat, dir, path, out, flags); }
Result fstatfs(int fd, struct statfs* out) { return call(__NR_fstatfs, fd, out); }
Result readlinkat(int dir, const char* path, char* buffer, std::size_t size) { return call(__NR_readlinkat, dir, path, buffer, size); }
Result getdents(int fd, void* buffer, std::size_t size) { return call(__NR_getdents64, fd, buffer, size); }
Result mkdirat(int dir, const char* path, unsigned mode) { return call(__NR_mkdirat, dir, path, mode); }
Result make_file(int dir, const char* path, unsigned mode) { return call(__NR_mknodat, dir, path, kRegularFile | mode, 0); }
Result symlinkat(const char* contents, int dir, const char* path) { return call(__NR_symlinkat, contents, dir, path); }
Result unlinkat(int dir, const char* path, int flags) { return call(__NR_unlinkat, dir, path, flags); }
Result flock(int fd, int operation) { return call(__NR_flock, fd, operation); }
Result getxattr(const char* path, const char* name) { return call(__NR_getxattr, path, name, static_cast<const void*>(nullptr), 0ul); }
Result dup3(int from, int to, int flags) { return call(__NR_dup3, from, to, flags); }
Result socket_pair(int fds[2]) { return call(__NR_socketpair, kUnixSocket, kSeqPacket | kSocketCloexec | kSocketNonBlocking, 0, fds); }
Result pass_credentials(int socket) {
  const int on = 1;
  return call(__NR_setsockopt, socket, kSocketLevel, kPassCredentials, &on, sizeof on);
}
Result receive(int socket, void* buffer, std::size_t size, int* sender) {
  IoVector vector = {buffer, size};
  CredentialsMessage control = {};
  MessageHeader header = {nullptr, 0, &vector, 1, &control, sizeof control, 0};
  const Result got = call(__NR_recvmsg, socket, &header, 0);
  *sender = !got.failed() && header.control_size >= sizeof control && control.type == kScmCredentials ? control.pid : 0;
  return got;
}
Result fcntl(int fd, int command, long argument) { return call(__NR_fcntl, fd, command, argument); }
Result ioctl(int fd, unsigned long command, void* argument) { return call(__NR_ioctl, fd, command, argument); }
Result poll(struct pollfd* fds, unsigned count, int timeout_ms) { return call(__NR_poll, fds, count, timeout_ms); }
unsigned umask(unsigned mask) { return static_cast<unsigned>(call(__NR_umask, mask).raw); }

Result open_tree(int dir, const char* path, unsigned flags) { return call(__NR_open_tree, dir, path, flags); }
Result open_tree_attr(int dir, const char* path, unsigned flags, struct mount_attr* attr) { return call(kOpenTreeAttr, dir, path, flags, attr, sizeof *attr); }
Result move_mount(int from, const char* from_path, int to, const char* to_path, unsigned flags) { return call(__NR_move_mount, from, from_path, to, to_path, flags); }
Result fsopen(const char* fstype) { return call(__NR_fsopen, fstype, FSOPEN_CLOEXEC); }
Result fsconfig(int fs, unsigned command, const char* key, const void* value, int aux) { return call(__NR_fsconfig, fs, command, key, value, aux); }
Result fsmount(int fs, unsigned attributes) { return call(__NR_fsmount, fs, FSMOUNT_CLOEXEC, attributes); }
Result mount_setattr(int dir, const char* path, unsigned flags, struct mount_attr* attr) { return call(__NR_mount_setattr, dir, path, flags, attr, sizeof *attr); }
Result mount(const char* source, const char* target, const char* fstype, unsigned long flags, const char* data) { return call(__NR_mount, source, target, fstype, flags, data); }
Result umount(const char* target, int flags) { return call(__NR_umount2, target, flags); }
Result pivot_root(const char* new_root, const char* put_old) { return call(__NR_pivot_root, new_root, put_old); }
Result chdir(const char* path) { return call(__NR_chdir, path); }
Result fchdir(int fd) { return call(__NR_fchdir, fd); }

Result populate(const void* start, std::size_t size) { return call(__NR_madvise, start, size, kPopulateRead); }

Result share_page() { return call(__NR_mmap, 0ul, kPageSize, kReadWrite, kSharedAnonymous, -1, 0ul); }

Result clone_into(unsigned long flags, int cgroup) {
  struct clone_args arguments = {};
  arguments.flags = (flags & ~0xfful) | CLONE_INTO_CGROUP;
  arguments.exit_signal = flags & 0xff;
  arguments.cgroup = static_cast<std::uint64_t>(cgroup);
  return call(__NR_clone3, &arguments, sizeof arguments);
}
Result unshare(unsigned long flags) { return call(__NR_unshare, flags); }
Result clone(unsigned long flags) { return call(__NR_clone, flags, 0ul, 0ul, 0ul, 0ul); }
Result spawn(void* stack_top, void (*run)(void*), void* argument) {
  long result;
  do result = clone_on_stack(CLONE_VM | CLONE_VFORK | kSigChld, stack_top, run, argument);
  while (result == -EINTR);
  return {result};
}
Result execve(const char* path, const char* const* argv, const char* const* envp) { return call(__NR_execve, path, argv, envp); }
void exit(int status) {
  raw_syscall(__NR_exit_group, word(status));
  // A child that could not execute is under the profile's filter, which may answer these two with an error as well: it must not go on, and not spin either.
  raw_syscall(__NR_exit, word(status));
  __builtin_trap();
}
Result wait4(int pid, int* status, int options) { return call(__NR_wait4, pid, status, options, 0ul); }
Result kill(int pid, int signal) { return call(__NR_kill, pid, signal); }
Result pidfd_open(int pid) { return call(__NR_pidfd_open, pid, 0u); }
int getpid() { return call(__NR_getpid).value(); }
int getppid() { return call(__NR_getppid).value(); }
int getpgid(int pid) { return call(__NR_getpgid, pid).value(); }
Result setpgid(int pid, int group) { return call(__NR_setpgid, pid, group); }
Result setsid() { return call(__NR_setsid); }
Result set_thread_pointer(unsigned long address) { return call(__NR_arch_prctl, kSetFs, address); }
Result prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) { return call(__NR_prctl, option, a, b, c, d); }

Result set_signal_mask(SignalSet mask) { return call(__NR_rt_sigprocmask, kSetMask, &mask, 0ul, sizeof mask); }
Result default_signal(int signal) {
  const KernelSigaction action = {};
  return call(__NR_rt_sigaction, signal, &action, 0ul, sizeof action.mask);
}
Result wait_signal(SignalSet set, long timeout_ms) {
  const __kernel_timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1'000'000};
  return call(__NR_rt_sigtimedwait, &set, 0ul, timeout_ms < 0 ? static_cast<const void*>(nullptr) : &timeout, sizeof set);
}

Result setgroups_none() { return call(__NR_setgroups, 0, 0ul); }
Result sethostname(const char* name, std::size_t size) { return call(__NR_sethostname, name, size); }
int count_groups() { return call(__NR_getgroups, 0, 0ul).value(); }
Result setgid(unsigned gid) { return call(__NR_setresgid, gid, gid, gid); }
Result setuid(unsigned uid) { return call(__NR_setresuid, uid, uid, uid); }
Result set_limit(unsigned resource, std::uint64_t value) {
  const std::uint64_t limit[2] = {value, value};
  return call(__NR_setrlimit, resource, limit);
}
Result capset(std::uint64_t capabilities) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const unsigned low = static_cast<unsigned>(capabilities), high = static_cast<unsigned>(capabilities >> 32);
  const __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{low, low, low}, {high, high, high}};
  return call(__NR_capset, &header, sets);
}
Result get_limit(unsigned resource, std::uint64_t& value) {
  std::uint64_t limit[2] = {};
  const Result result = call(__NR_getrlimit, resource, limit);
  value = limit[0];
  return result;
}
Result personality(unsigned long persona) { return call(__NR_personality, persona); }
Result landlock_abi() { return call(__NR_landlock_create_ruleset, 0ul, 0ul, LANDLOCK_CREATE_RULESET_VERSION); }
Result landlock_add_path(int ruleset, int path, std::uint64_t access) {
  struct landlock_path_beneath_attr rule = {};
  rule.allowed_access = access;
  rule.parent_fd = path;
  return call(__NR_landlock_add_rule, ruleset, static_cast<int>(LANDLOCK_RULE_PATH_BENEATH), &rule, 0u);
}
Result landlock_add_port(int ruleset, std::uint64_t port, std::uint64_t access) {
  const LandlockPortRule rule = {access, port};
  return call(__NR_landlock_add_rule, ruleset, kLandlockRuleNetPort, &rule, 0u);
}
Result socket(int family, int type, int protocol) { return call(__NR_socket, family, type, protocol); }
Result landlock_create(const LandlockRulesetAttr* attr, std::size_t size) { return call(__NR_landlock_create_ruleset, attr, size, 0u); }
Result landlock_restrict(int ruleset) { return call(__NR_landlock_restrict_self, ruleset, 0u); }
Result seccomp_filter(const void* instructions, unsigned short count) {
  struct sock_fprog program = {count, static_cast<sock_filter*>(const_cast<void*>(instructions))};
  return call(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &program);
}

std::uint64_t monotonic_ms() {
  __kernel_timespec now = {};
  raw_syscall(__NR_clock_gettime, 1 /* CLOCK_MONOTONIC */, word(&now));
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

}  // namespace initrt::sys
