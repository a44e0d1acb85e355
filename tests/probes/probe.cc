// What an attacker inside would try, harmlessly. Each probe attempts one thing and says whether it was stopped, got through, or has nothing to try here.
//
//   probe --list              every probe: name, where it must get through, what it tries
//   probe NAME [ARGUMENT...]  one line: `stopped WHY`, `through WHAT` or `absent WHY`
//
// Static, so that it runs in any view. It trusts no library with the attempt itself: each call is made by number, as an attacker's would be. A probe that never
// gets through proves nothing, so each names a place that is lax enough to let it through, where probes.py shows that it does:
//   lax    a profile that grants all that the language can      bwrap  a plain bubblewrap around the same tree
//   bare   no sandbox at all                                    chroot a bare chroot(2)
//   never  nothing here lets it through, with the reason in its last field
//   lax-root, bare-root  the same, and only for root: an ordinary user may not try
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Arguments = std::vector<std::string>;

struct Verdict {
  enum Kind { Stopped, Through, Absent } kind;
  std::string why;
};
Verdict through(std::string what) { return {Verdict::Through, std::move(what)}; }
Verdict absent(std::string why) { return {Verdict::Absent, std::move(why)}; }
Verdict stopped(std::string why) { return {Verdict::Stopped, std::move(why)}; }
Verdict stopped() { return stopped(std::strerror(errno)); }

/// Stopped with the error of a call that failed, else through.
Verdict of(long result) { return result < 0 ? stopped() : through("returned " + std::to_string(result)); }

const char* path(const Arguments& arguments, std::size_t i, const char* otherwise) { return i < arguments.size() ? arguments[i].c_str() : otherwise; }

Verdict open_for(const char* name, int flags) {
  const int fd = open(name, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
  if (fd < 0) return stopped();
  close(fd);
  return through(std::string("opened ") + name);
}

/// Stopped unless at least one byte can be read.
Verdict read_from(const char* name) {
  const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return stopped();
  char buffer[4096];
  const ssize_t size = read(fd, buffer, sizeof buffer);
  const int error = errno;
  close(fd);
  if (size < 0) return stopped(std::strerror(error));
  if (size == 0) return stopped("empty");
  for (ssize_t i = 0; i < size; ++i)
    if (buffer[i] != 0) return through("read " + std::to_string(size) + " bytes");
  return stopped("wiped");
}

/// Runs `attempt` in a child, so that a signal that the filter sends is seen and not suffered. What the child returns is the verdict: 0 through, else errno.
template <class Attempt>
Verdict in_child(Attempt attempt) {
  const pid_t child = fork();
  if (child < 0) return stopped();
  if (child == 0) {
    prctl(PR_SET_DUMPABLE, 0);  // no core of a killed attempt
    _exit(attempt());
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) return stopped();
  if (WIFSIGNALED(status)) return stopped(std::string("killed by ") + strsignal(WTERMSIG(status)));
  const int code = WEXITSTATUS(status);
  return code == 0 ? through("done") : stopped(std::strerror(code));
}
int error_of(long result) { return result < 0 ? errno : 0; }

std::string status_field(std::string name) {
  std::string text;
  name += ':';
  if (FILE* file = std::fopen("/proc/self/status", "re")) {
    char line[512];
    while (std::fgets(line, sizeof line, file) != nullptr)
      if (std::strncmp(line, name.c_str(), name.size()) == 0) text = line + name.size();
    std::fclose(file);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  while (!text.empty() && (text.front() == '\t' || text.front() == ' ')) text.erase(0, 1);
  return text;
}

Verdict status_is(const char* field, const char* good) {
  const std::string value = status_field(field);
  if (value.empty()) return absent(std::string("no ") + field + " in /proc/self/status");
  return value == good ? stopped(std::string(field) + " " + value) : through(std::string(field) + " " + value);
}

// ---- the terminal ---------------------------------------------------------------------------------------------------------------------------------------

Verdict controlling_terminal(const Arguments&) { return open_for("/dev/tty", O_RDWR); }

Verdict terminal_injection(const Arguments&) {
  const char key = 'x';
  return of(syscall(SYS_ioctl, 0, TIOCSTI, &key));
}

/// The command with its upper half set, which the kernel ignores (CVE-2019-10063).
Verdict terminal_injection_high_bits(const Arguments&) {
  const char key = 'x';
  return of(syscall(SYS_ioctl, 0L, static_cast<unsigned long>(TIOCSTI) | 1UL << 32, &key));
}

Verdict terminal_paste(const Arguments&) {
  char command[2] = {3, 0};  // TIOCL_PASTESEL
  const long result = syscall(SYS_ioctl, 0, TIOCLINUX, command);
  return result < 0 && errno == ENOTTY ? through("the terminal itself answered: it has no selection") : of(result);
}

// ---- what is inherited ----------------------------------------------------------------------------------------------------------------------------------

Verdict leaked_descriptor(const Arguments&) {
  for (int fd = 3; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) return through("descriptor " + std::to_string(fd) + " is open");
  return stopped("only 0 to 2 are open");
}

Verdict leaked_environment(const Arguments& arguments) {
  const char* value = getenv(path(arguments, 0, "PROBE_SECRET"));
  return value == nullptr ? stopped("not in the environment") : through(value);
}

Verdict working_directory_outside(const Arguments&) {
  char buffer[4096];
  const long size = syscall(SYS_getcwd, buffer, sizeof buffer);
  if (size < 0) return stopped();
  if (std::strncmp(buffer, "(unreachable)", 13) == 0) return through(buffer);
  struct stat here, root;
  for (int i = 0; i < 64; ++i)
    if (chdir("..") != 0) return stopped();
  if (stat(".", &here) != 0 || stat("/", &root) != 0) return stopped();
  return here.st_ino == root.st_ino && here.st_dev == root.st_dev ? stopped("`..` ends at the root") : through("`..` leads out of the root");
}

// ---- init ---------------------------------------------------------------------------------------------------------------------------------------------

Verdict init_environment(const Arguments&) { return read_from("/proc/1/environ"); }
Verdict init_memory(const Arguments&) { return open_for("/proc/1/mem", O_RDWR); }
Verdict init_maps(const Arguments&) { return read_from("/proc/1/maps"); }
Verdict init_root(const Arguments&) { return open_for("/proc/1/root/", O_RDONLY | O_DIRECTORY); }
Verdict init_directory(const Arguments&) { return open_for("/proc/1/cwd/", O_RDONLY | O_DIRECTORY); }
Verdict init_descriptors(const Arguments&) {
  char target[4096];
  return of(readlink("/proc/1/fd/0", target, sizeof target));
}
Verdict init_executable(const Arguments&) { return open_for("/proc/1/exe", O_RDONLY); }
Verdict init_arguments(const Arguments&) { return read_from("/proc/1/cmdline"); }
Verdict init_trace(const Arguments&) { return of(syscall(SYS_ptrace, PTRACE_SEIZE, 1, 0, 0)); }
Verdict init_read_memory(const Arguments&) {
  // Any address will do: without permission the call says EPERM, with it EFAULT.
  char byte = 0;
  iovec local = {&byte, 1}, remote = {reinterpret_cast<void*>(8), 1};
  const long result = syscall(SYS_process_vm_readv, 1, &local, 1, &remote, 1, 0);
  return result < 0 && errno == EFAULT ? through("allowed, if there were something at that address") : of(result);
}
bool process_named(const char* wanted) {
  for (int pid = 2; pid < 4096; ++pid) {
    const std::string name = "/proc/" + std::to_string(pid) + "/comm";
    FILE* file = std::fopen(name.c_str(), "re");
    if (file == nullptr) continue;
    char text[32] = {};
    const bool read = std::fgets(text, sizeof text, file) != nullptr;
    std::fclose(file);
    if (read && std::string(text) == std::string(wanted) + "\n") return true;
  }
  return false;
}
Verdict init_signal(const Arguments&) {
  // Each signal, and once more with the data of one that the supervisor would have queued: init hands that on to the program, which is this. So it stops nobody but the sender.
  siginfo_t queued = {};
  queued.si_code = SI_QUEUE;
  for (int number = 1; number <= 64; ++number) {
    const bool ignored = number != SIGCHLD && signal(number, SIG_IGN) != SIG_ERR;
    syscall(SYS_kill, 1, number);
    queued.si_signo = number;
    if (ignored && number != SIGTSTP) syscall(SYS_rt_sigqueueinfo, 1, number, &queued);
  }
  // An orphan that ends is reaped by an init that still works, and by nobody else.
  const pid_t parent = fork();
  if (parent == 0) {
    prctl(PR_SET_NAME, "orphaned");  // the name of the child as well
    if (fork() != 0) _exit(0);
    usleep(1000);
    _exit(0);
  }
  waitpid(parent, nullptr, 0);
  for (int i = 0; i < 200; ++i) {
    usleep(10'000);
    if (kill(1, 0) != 0 && errno != EPERM) return through("init is gone");
    if (!process_named("orphaned")) return stopped("init lives, and reaps");
  }
  return through("init no longer reaps");
}
Verdict init_descriptor_steal(const Arguments&) {
  const long pidfd = syscall(SYS_pidfd_open, 1, 0);
  return pidfd < 0 ? stopped() : of(syscall(SYS_pidfd_getfd, pidfd, 0, 0));
}

// ---- mounts -------------------------------------------------------------------------------------------------------------------------------------------

Verdict remount_writable(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_mount, "none", "/usr", nullptr, MS_REMOUNT | MS_BIND, nullptr)); });
}
Verdict setattr_writable(const Arguments&) {
  return in_child([] {
    mount_attr attr = {};
    attr.attr_clr = MOUNT_ATTR_RDONLY;
    return error_of(syscall(SYS_mount_setattr, AT_FDCWD, "/usr", 0, &attr, sizeof attr));
  });
}
Verdict unmount(const Arguments& arguments) {
  return in_child([&] { return error_of(syscall(SYS_umount2, path(arguments, 0, "/usr"), MNT_DETACH)); });
}
Verdict new_mount(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_mount, "tmpfs", "/tmp", "tmpfs", 0, nullptr)); });
}
Verdict new_mount_by_descriptor(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_fsopen, "tmpfs", 0)); });
}
Verdict clone_tree(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE | AT_RECURSIVE)); });
}
Verdict move_mount(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_move_mount, AT_FDCWD, "/tmp", AT_FDCWD, "/home", 0)); });
}
Verdict pivot(const Arguments&) {
  return in_child([] { return error_of(chdir("/tmp") != 0 ? -1 : syscall(SYS_pivot_root, ".", ".")); });
}
Verdict change_root(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_chroot, "/tmp")); });
}

/// Every mount point must be among the arguments, or below `/dev` and `/proc`.
Verdict host_mounts(const Arguments& arguments) {
  FILE* file = std::fopen("/proc/self/mountinfo", "re");
  if (file == nullptr) return stopped();
  std::string found;
  char line[8192], point[4096];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1) continue;
    const std::string name = point;
    bool known = name.rfind("/dev/", 0) == 0 || name.rfind("/proc/", 0) == 0;
    for (const std::string& argument : arguments) known = known || argument == name;
    if (!known && found.empty()) found = name;
  }
  std::fclose(file);
  return found.empty() ? stopped("only the mounts of the view") : through("a mount at " + found);
}

// ---- namespaces ---------------------------------------------------------------------------------------------------------------------------------------

Verdict user_namespace(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_unshare, CLONE_NEWUSER)); });
}
Verdict mount_namespace(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_unshare, CLONE_NEWNS)); });
}
Verdict clone_namespace(const Arguments&) {
  return in_child([] {
    const long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return error_of(child);
  });
}
Verdict clone3_namespace(const Arguments&) {
  return in_child([] {
    clone_args args = {};
    args.flags = CLONE_NEWUSER;
    args.exit_signal = SIGCHLD;
    const long child = syscall(SYS_clone3, &args, sizeof args);
    if (child == 0) _exit(0);
    return error_of(child);
  });
}
Verdict enter_namespace(const Arguments&) {
  return in_child([] {
    const int fd = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? errno : error_of(syscall(SYS_setns, fd, 0));
  });
}
Verdict change_hostname(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_sethostname, "probe", 5)); });
}

// ---- the filter's edges -------------------------------------------------------------------------------------------------------------------------------

/// A call that every profile allows, by its x32 number. Only the filter's own answer counts, which is to end the process: a call that returns was let in, and a kernel
/// without the x32 ABI, as Debian's by default, says ENOSYS to it by itself.
Verdict x32_call(const Arguments&) {
  const Verdict verdict = in_child([] { return error_of(syscall(0x40000000L + 39 /* getpid */)); });
  const bool killed = verdict.kind == Verdict::Stopped && verdict.why.rfind("killed by ", 0) == 0;
  return killed ? verdict : through(verdict.kind == Verdict::Through ? "the kernel has x32" : "only the kernel answers: " + verdict.why);
}
Verdict i386_call(const Arguments&) {
  return in_child([] {
    long result;
    asm volatile("int $0x80" : "=a"(result) : "a"(20L /* getpid */) : "memory", "r8", "r9", "r10", "r11");
    return result > 0 ? 0 : static_cast<int>(-result);
  });
}
Verdict odd_socket(const Arguments&) { return of(syscall(SYS_socket, 40 /* AF_VSOCK */, SOCK_STREAM, 0)); }
Verdict odd_socket_high_bits(const Arguments&) { return of(syscall(SYS_socket, 40L | 1L << 32, static_cast<long>(SOCK_STREAM), 0L)); }
Verdict keyring(const Arguments&) { return of(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0)); }
Verdict add_key(const Arguments&) { return of(syscall(SYS_add_key, "user", "probe", "x", 1, KEY_SPEC_PROCESS_KEYRING)); }
Verdict performance_events(const Arguments&) {
  perf_event_attr attr = {};
  attr.size = sizeof attr;
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_TASK_CLOCK;
  attr.exclude_kernel = 1;
  return of(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}
Verdict trace_child(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0)); });
}
Verdict change_personality(const Arguments&) {
  return in_child([] { return error_of(syscall(SYS_personality, 0x0040000 /* ADDR_NO_RANDOMIZE */)); });
}
Verdict modify_segments(const Arguments&) {
  // func 0 reads the local descriptor table, which is empty.
  char buffer[16];
  return in_child([&] { return error_of(syscall(SYS_modify_ldt, 0, buffer, sizeof buffer)); });
}

// ---- the host's processes, sockets, network --------------------------------------------------------------------------------------------------------------

Verdict connect_abstract(const Arguments& arguments) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return stopped();
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const char* name = path(arguments, 0, "immure-probe");
  const std::size_t size = std::strlen(name);
  std::memcpy(address.sun_path + 1, name, size);
  return of(connect(fd, reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size)));
}
Verdict connect_loopback(const Arguments& arguments) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return stopped();
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(path(arguments, 0, "1"))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return of(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address));
}
/// The process group, which for a careless sandbox is the caller's. The signal is one that probes.py waits for outside.
Verdict signal_group(const Arguments&) {
  signal(SIGURG, SIG_IGN);
  return of(kill(0, SIGURG));
}
Verdict signal_process(const Arguments& arguments) { return of(kill(std::atoi(path(arguments, 0, "1")), SIGURG)); }
Verdict shared_memory(const Arguments& arguments) { return of(syscall(SYS_shmget, std::strtol(path(arguments, 0, "1"), nullptr, 0), 1, 0)); }

// ---- files --------------------------------------------------------------------------------------------------------------------------------------------

Verdict read_file(const Arguments& arguments) { return read_from(path(arguments, 0, "/etc/shadow")); }
Verdict write_file(const Arguments& arguments) { return open_for(path(arguments, 0, "/usr/probe"), O_WRONLY | O_CREAT); }
Verdict device_node(const Arguments& arguments) { return read_from(path(arguments, 0, "/data/random")); }
Verdict make_device(const Arguments& arguments) {
  const char* name = path(arguments, 0, "/tmp/probe-device");
  if (syscall(SYS_mknodat, AT_FDCWD, name, S_IFCHR | 0600, makedev(1, 9)) != 0) return stopped();
  Verdict verdict = read_from(name);
  unlink(name);
  return verdict;
}
Verdict set_user_id(const Arguments& arguments) {
  if (arguments.empty()) return absent("no file is named");
  const uid_t before = getuid();
  const pid_t child = fork();
  if (child < 0) return stopped();
  if (child == 0) {
    execl(arguments[0].c_str(), "probe", "--effective", std::to_string(before).c_str(), nullptr);
    _exit(100);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 100) return stopped("it does not run");
  return WEXITSTATUS(status) == 0 ? stopped("it runs as its caller") : through("it runs as its owner");
}
Verdict become_root(const Arguments&) {
  return in_child([] {
    if (syscall(SYS_setuid, 0) != 0) return errno;
    return 0;
  });
}
Verdict open_by_handle(const Arguments&) {
  struct {
    file_handle head;
    unsigned char bytes[128];
  } handle = {};
  handle.head.handle_bytes = sizeof handle.bytes;
  int mount = 0;
  if (syscall(SYS_name_to_handle_at, AT_FDCWD, "/usr", &handle, &mount, 0) != 0) return stopped();
  const int at = open("/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return at < 0 ? stopped() : of(syscall(SYS_open_by_handle_at, at, &handle, O_RDONLY));
}

// ---- proc ---------------------------------------------------------------------------------------------------------------------------------------------

Verdict proc_write(const Arguments& arguments) { return open_for(path(arguments, 0, "/proc/sys/kernel/ns_last_pid"), O_WRONLY); }
Verdict proc_read(const Arguments& arguments) { return read_from(path(arguments, 0, "/proc/keys")); }
Verdict kernel_keys(const Arguments&) {
  syscall(SYS_add_key, "user", "probe", "x", 1, KEY_SPEC_PROCESS_KEYRING);  // so that there is one to see
  return read_from("/proc/keys");
}
Verdict host_processes(const Arguments&) {
  // Nothing but init, this and perhaps a shell: a number above that is somebody else's.
  int highest = 0;
  for (int pid = 1; pid < 65536; ++pid) {
    char name[32];
    std::snprintf(name, sizeof name, "/proc/%d", pid);
    if (access(name, F_OK) == 0) highest = pid;
  }
  return highest == 0 ? absent("no /proc") : highest < 30 ? stopped("the highest process id is " + std::to_string(highest)) : through("process " + std::to_string(highest));
}

// ---- rights -------------------------------------------------------------------------------------------------------------------------------------------

Verdict new_privileges(const Arguments&) { return status_is("NoNewPrivs", "1"); }
Verdict no_filter(const Arguments&) { return status_is("Seccomp", "2"); }
Verdict effective(const Arguments&) { return status_is("CapEff", "0000000000000000"); }
Verdict permitted(const Arguments&) { return status_is("CapPrm", "0000000000000000"); }
Verdict inheritable(const Arguments&) { return status_is("CapInh", "0000000000000000"); }
Verdict bounding(const Arguments&) { return status_is("CapBnd", "0000000000000000"); }
Verdict ambient(const Arguments&) { return status_is("CapAmb", "0000000000000000"); }

struct Probe {
  const char* name;
  Verdict (*run)(const Arguments&);
  const char* open_in;  // where it must get through
  const char* story;
};

const Probe kProbes[] = {
#include "tests/probes/probes.def"
};

int run(const Probe& probe, const Arguments& arguments) {
  const Verdict verdict = probe.run(arguments);
  static const char* const kWords[] = {"stopped", "through", "absent"};
  std::printf("%s %s\n", kWords[verdict.kind], verdict.why.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 3 && std::strcmp(argv[1], "--effective") == 0) return geteuid() == static_cast<uid_t>(std::atoi(argv[2])) ? 0 : 1;
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    for (const Probe& probe : kProbes) std::printf("%s\t%s\t%s\n", probe.name, probe.open_in, probe.story);
    return 0;
  }
  for (const Probe& probe : kProbes)
    if (argc >= 2 && std::strcmp(argv[1], probe.name) == 0) return run(probe, Arguments(argv + 2, argv + argc));
  std::fprintf(stderr, "usage: probe --list | probe NAME [ARGUMENT...]\n");
  return 2;
}
