// Every system call of the launcher, declared once: the seam. sys.cc makes real calls; tests/runtime/fake_sys.cc plays a script, so that each
// failure can be driven without a kernel that fails.
//
// A call returns a Result, which cannot be dropped unseen. EINTR never leaves this layer: nothing here waits for a signal by being
// interrupted, so every interrupted call is made again (close(2) excepted: Linux has closed the descriptor by then).
// Paths and buffers are borrowed for the call.
#pragma once

#include "initrt/uapi.h"

namespace initrt {

struct [[nodiscard]] Result {
  long raw;
  bool failed() const { return raw < 0; }
  int error() const { return raw < 0 ? static_cast<int>(-raw) : 0; }
  int value() const { return static_cast<int>(raw); }
};

inline constexpr int kHere = AT_FDCWD;

namespace sys {

// files
Result openat(int dir, const char* path, int flags, unsigned mode = 0);
Result openat2(int dir, const char* path, std::uint64_t flags, std::uint64_t resolve);
void close(int fd);  // cannot fail in a way that matters: EBADF would be our own mistake, and nothing was written through it
Result close_range(unsigned first, unsigned last);
Result read(int fd, void* buffer, std::size_t size);
Result write(int fd, const void* buffer, std::size_t size);
Result fstatat(int dir, const char* path, Stat* out, int flags);
Result fstatfs(int fd, struct statfs* out);
Result readlinkat(int dir, const char* path, char* buffer, std::size_t size);
Result getdents(int fd, void* buffer, std::size_t size);
Result mkdirat(int dir, const char* path, unsigned mode);
Result make_file(int dir, const char* path, unsigned mode);  // mknodat(2) of an empty regular file
Result symlinkat(const char* contents, int dir, const char* path);
Result unlinkat(int dir, const char* path, int flags);
Result flock(int fd, int operation);
Result getxattr(const char* path, const char* name);  // its size
Result dup3(int from, int to, int flags);
Result socket_pair(int fds[2]);       // AF_UNIX, SOCK_SEQPACKET, close-on-exec, non-blocking
Result pass_credentials(int socket);  // SO_PASSCRED
/// One datagram and, in `sender`, the pid of who sent it, in this process's pid namespace; 0 where that is not known.
Result receive(int socket, void* buffer, std::size_t size, int* sender);
Result fcntl(int fd, int command, long argument);
Result ioctl(int fd, unsigned long command, void* argument);
Result poll(struct pollfd* fds, unsigned count, int timeout_ms);
unsigned umask(unsigned mask);  // cannot fail

// mounts
Result open_tree(int dir, const char* path, unsigned flags);
/// The clone of open_tree(2) with `attr` on all of it, in one call (Linux 6.15).
Result open_tree_attr(int dir, const char* path, unsigned flags, struct mount_attr* attr);
Result move_mount(int from, const char* from_path, int to, const char* to_path, unsigned flags);
Result fsopen(const char* fstype);
Result fsconfig(int fs, unsigned command, const char* key, const void* value, int aux);
Result fsmount(int fs, unsigned attributes);
Result mount_setattr(int dir, const char* path, unsigned flags, struct mount_attr* attr);
Result mount(const char* source, const char* target, const char* fstype, unsigned long flags, const char* data);
Result umount(const char* target, int flags);
Result pivot_root(const char* new_root, const char* put_old);
Result chdir(const char* path);
Result fchdir(int fd);

/// A page of zeros that this process and its children share; the address, or the error.
Result share_page();
/// Maps in every page of a range of a file (Linux 5.14). EFAULT: the file ends before it does, where touching the page would be SIGBUS.
Result populate(const void* start, std::size_t size);

// processes
Result clone_into(unsigned long flags, int cgroup);  // clone3(2) with CLONE_INTO_CGROUP
Result unshare(unsigned long flags);
Result clone(unsigned long flags);  // the child returns 0 on a copy of the stack, as fork(2)
/// CLONE_VM | CLONE_VFORK: `run` shares our memory on a stack of its own, and we sleep until it has executed or ended.
Result spawn(void* stack_top, void (*run)(void*), void* argument);
Result execve(const char* path, const char* const* argv, const char* const* envp);
[[noreturn]] void exit(int status);
Result wait4(int pid, int* status, int options);
Result kill(int pid, int signal);
Result pidfd_open(int pid);
int getpid();
int getppid();
int getpgid(int pid);
Result setpgid(int pid, int group);
Result setsid();
Result set_thread_pointer(unsigned long address);  // arch_prctl(2) with ARCH_SET_FS: %fs
Result prctl(int option, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0, unsigned long d = 0);

// signals
Result set_signal_mask(SignalSet mask);
Result default_signal(int signal);  // SIG_DFL
/// The next of `set`, all of it blocked; `timeout_ms` < 0 waits for ever. EAGAIN: none came in time.
Result wait_signal(SignalSet set, long timeout_ms);

// identity and confinement
Result setgroups_none();
int count_groups();           // supplementary ones; cannot fail
Result setgid(unsigned gid);  // real, effective and saved
Result setuid(unsigned uid);
Result set_limit(unsigned resource, std::uint64_t value);   // soft and hard
Result get_limit(unsigned resource, std::uint64_t& value);  // soft
Result personality(unsigned long persona);
Result sethostname(const char* name, std::size_t size);
/// Permitted, effective and inheritable set.
Result capset(std::uint64_t capabilities);
Result landlock_abi();
Result landlock_add_path(int ruleset, int path, std::uint64_t access);
Result landlock_add_port(int ruleset, std::uint64_t port, std::uint64_t access);
Result socket(int family, int type, int protocol);
Result landlock_create(const LandlockRulesetAttr* attr, std::size_t size);
Result landlock_restrict(int ruleset);
Result seccomp_filter(const void* instructions, unsigned short count);

/// Milliseconds of CLOCK_MONOTONIC.
std::uint64_t monotonic_ms();

}  // namespace sys
}  // namespace initrt
