/* The floor: how cheap can the standard sandbox be on this kernel? A launcher written by hand for that one sandbox, without what a product owes its users: it reads no
 * plan, checks nothing that the kernel does not refuse by itself, says no more than which call failed, passes no signals on, drops no bounding set call by call, sets no
 * limit of nested namespaces, and shares its memory with its init. Launchers are measured against it, because a ratio travels from machine to machine and microseconds do not.
 *
 *   floor BINDS PROGRAM [ARG]...     BINDS: so many more read-only binds of /usr/share
 *
 * Freestanding x86-64, no libc. Compiled by bench.py with
 *   -DAPP="…"       the host directory to be seen as /app
 *   -DFILTER="…"    a file with the filter, an array of struct sock_filter
 *   -DNETWORK=0     leaves the network namespace out
 *   -DBOUNDING      drops the bounding set as well, call by call: what that costs
 *   -DFORK          gives init memory of its own: what that costs */
#include <asm/unistd.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <linux/sockios.h>

#ifndef NETWORK
#define NETWORK 1
#endif
#ifndef BOUNDING
#define BOUNDING 0
#endif
#ifndef FORK
#define FORK 0
#endif

typedef unsigned long word;
enum { kDieWithParent = 9, kChildSignal = 17, kUnixSocket = 1, kDatagram = 2, kDetach = 2, kRegularFile = 0100000, kInterfaceUpRunning = 0x41, kFailed = 125, kStack = 8192 };

/* ---- system calls ------------------------------------------------------------------------------------------------------------------------------ */
static inline __attribute__((always_inline)) long syscall6(long number, word a, word b, word c, word d, word e) {
  register word r10 __asm__("r10") = d;
  register word r8 __asm__("r8") = e;
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
  return result;
}
#define RAW(name, ...) RAW_(name, ##__VA_ARGS__, 0, 0, 0, 0, 0)
#define RAW_(name, a, b, c, d, e, ...) syscall6(__NR_##name, (word)(a), (word)(b), (word)(c), (word)(d), (word)(e))

static __attribute__((noreturn, noinline, cold)) void fail(const char* call) {
  word size = 0;
  while (call[size] != 0) ++size;
  RAW(write, 2, call, size);
  RAW(write, 2, " failed\n", 8);
  for (;;) RAW(exit_group, kFailed);
}
#define CALL(name, ...)                           \
  ({                                              \
    const long result_ = RAW(name, ##__VA_ARGS__); \
    if (result_ < 0) fail(#name);                 \
    result_;                                      \
  })

/* long clone_shared(unsigned long flags, void* stack_top, void (*run)(void*), void* argument): the child shares our memory. */
long clone_shared(word flags, void* stack_top, void (*run)(void*), void* argument);
__asm__(
    ".globl _start\n_start: xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call begin\n hlt\n"
    ".globl clone_shared\nclone_shared: mov %rdx,%r9\n mov %rcx,%r8\n xor %edx,%edx\n xor %r10d,%r10d\n mov $56,%eax\n syscall\n"
    " test %rax,%rax\n jnz 1f\n mov %r8,%rdi\n call *%r9\n hlt\n1: ret\n"
    ".section .rodata\n.balign 8\nfilter: .incbin \"" FILTER "\"\nfilter_end:\n.text\n");
extern const char filter[], filter_end[];

/* ---- the sandbox ------------------------------------------------------------------------------------------------------------------------------- */
struct Launch {
  word uid, gid, binds;
  const char* const* argv;
  const char* const* envp;
  char* program_stack;
};

static char* number(char* to, word value) {
  char digits[20];
  int n = 0;
  do digits[n++] = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  while (n > 0) *to++ = digits[--n];
  return to;
}

static void put(const char* path, const char* text, word size) {
  const long fd = CALL(openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
  CALL(write, fd, text, size);
  RAW(close, fd);
}

static void map_id(const char* path, word id) {
  char line[64];
  char* end = number(line, id);
  *end++ = ' ';
  end = number(end, id);
  *end++ = ' ';
  *end++ = '1';
  put(path, line, (word)(end - line));
}

static void bind(const char* source, const char* target) {
  CALL(mkdir, target, 0755);
  CALL(mount, source, target, 0, MS_BIND | MS_REC | MS_SILENT, 0);
}
static void filesystem(const char* type, const char* target, word flags, const char* options) {
  CALL(mount, type, target, type, flags | MS_NOSUID | MS_SILENT, options);
}
static void device(const char* source) {
  CALL(mknod, source + 1, kRegularFile | 0444, 0);
  CALL(mount, source, source + 1, 0, MS_BIND | MS_SILENT, 0);
}
static void many_binds(word count) {
  for (word i = 0; i < count; ++i) {
    char target[24] = "b";
    *number(target + 1, i) = 0;
    bind("/usr/share", target);
  }
}
static void set_attributes(unsigned flags, word set, word clear) {
  const struct mount_attr attr = {set, clear, 0, 0};
  CALL(mount_setattr, AT_FDCWD, ".", flags, &attr, sizeof attr);
}

/* The new root covers the old one and is entered through "..", so that absolute paths still mean the host's and relative ones the new root's. */
static void build_view(const struct Launch* launch) {
  RAW(umask, 0);
  filesystem("tmpfs", "/", MS_NODEV, "mode=755");
  CALL(chdir, "/..");
  bind("/usr", "usr");
  bind("/etc", "etc");
  bind(APP, "app");
  many_binds(launch->binds);
  set_attributes(AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0);
  set_attributes(0, 0, MOUNT_ATTR_RDONLY);
  CALL(symlink, "usr/lib", "lib");
  CALL(symlink, "usr/lib64", "lib64");
  CALL(symlink, "usr/bin", "bin");
  CALL(mkdir, "proc", 0755);
  filesystem("proc", "proc", MS_NOEXEC | MS_NODEV, 0);
  CALL(mkdir, "dev", 0755);
  filesystem("tmpfs", "dev", MS_NODEV, "mode=755");
  device("/dev/null");
  device("/dev/zero");
  device("/dev/full");
  device("/dev/random");
  device("/dev/urandom");
  device("/dev/tty");
  CALL(symlink, "/proc/self/fd", "dev/fd");
  CALL(symlink, "/proc/self/fd/0", "dev/stdin");
  CALL(symlink, "/proc/self/fd/1", "dev/stdout");
  CALL(symlink, "/proc/self/fd/2", "dev/stderr");
  CALL(symlink, "/proc/kcore", "dev/core");
  CALL(symlink, "pts/ptmx", "dev/ptmx");
  CALL(mkdir, "dev/shm", 0755);
  CALL(mkdir, "dev/pts", 0755);
  filesystem("devpts", "dev/pts", MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620");
  CALL(mkdir, "tmp", 0755);
  filesystem("tmpfs", "tmp", MS_NODEV, "mode=1777");
  CALL(mkdir, "home", 0755);
  filesystem("tmpfs", "home", MS_NODEV, "mode=755");
  CALL(pivot_root, ".", ".");
  CALL(umount2, ".", kDetach);
  CALL(chdir, "/");
  RAW(umask, 022);
}

static void loopback_up(void) {
  const struct { char name[16]; short flags; char rest[22]; } request = {"lo", kInterfaceUpRunning, ""};
  const long socket = CALL(socket, kUnixSocket, kDatagram | O_CLOEXEC, 0);
  CALL(ioctl, socket, SIOCSIFFLAGS, &request);
  RAW(close, socket);
}

static void drop_rights(void) {
  CALL(prctl, PR_SET_DUMPABLE, 0);
  CALL(prctl, PR_SET_NO_NEW_PRIVS, 1);
  /* The bounding set stays, and locked securebits make it worthless: not the same promise, and 41 calls fewer. */
  for (word capability = 0; BOUNDING && RAW(prctl, PR_CAPBSET_DROP, capability) == 0; ++capability) {}
  CALL(prctl, PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED);
  const struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const struct __user_cap_data_struct none[2] = {{0}};
  CALL(capset, &header, none);
  const word scopes[3] = {0, 0, 3};  /* abstract sockets and signals; nothing of files or ports */
  const long ruleset = CALL(landlock_create_ruleset, scopes, sizeof scopes, 0);
  CALL(landlock_restrict_self, ruleset, 0);
  RAW(close, ruleset);
  const struct { unsigned short count; const char* instructions; } program = {(unsigned short)((filter_end - filter) / 8), filter};
  CALL(seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void run_program(void* argument) {
  const struct Launch* launch = argument;
  CALL(execve, launch->argv[0], launch->argv, launch->envp);
}

static int exit_code(int status) { return (status & 0x7f) != 0 ? 128 + (status & 0x7f) : (status >> 8) & 0xff; }

static void run_init(void* argument) {
  const struct Launch* launch = argument;
  CALL(prctl, PR_SET_PDEATHSIG, kDieWithParent);
  map_id("/proc/self/uid_map", launch->uid);
  put("/proc/self/setgroups", "deny", 4);
  map_id("/proc/self/gid_map", launch->gid);
  CALL(sethostname, "sandbox", 7);
  if (NETWORK) loopback_up();
  build_view(launch);
  RAW(close_range, 3, ~0u, 0);
  drop_rights();
  const long program = clone_shared(CLONE_VM | CLONE_VFORK | kChildSignal, launch->program_stack, run_program, argument);
  int status = kFailed << 8;
  for (;;) {
    const long pid = RAW(wait4, -1, &status, 0, 0);
    if (pid < 0 || pid == program) RAW(exit_group, exit_code(status));
  }
}

__attribute__((used, noreturn)) void begin(const word* stack) {
  char init_stack[kStack] __attribute__((aligned(16)));
  char program_stack[kStack] __attribute__((aligned(16)));
  struct Launch launch = {0};
  const word argc = stack[0];
  const char* const* argv = (const char* const*)(stack + 1);
  if (argc < 3) fail("reading the arguments");
  for (const char* digit = argv[1]; *digit != 0; ++digit) launch.binds = launch.binds * 10 + (word)(*digit - '0');
  launch.argv = argv + 2;
  launch.envp = argv + argc + 1;
  launch.uid = (word)RAW(getuid);
  launch.gid = (word)RAW(getgid);
  launch.program_stack = program_stack + kStack;
  const word flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | (NETWORK ? CLONE_NEWNET : 0);
  const long init = FORK ? RAW(clone, flags | kChildSignal, 0, 0, 0, 0) : clone_shared(flags | CLONE_VM | kChildSignal, init_stack + kStack, run_init, &launch);
  if (FORK && init == 0) run_init(&launch);
  if (init < 0) fail("clone");
  int status = kFailed << 8;
  CALL(wait4, init, &status, 0, 0);
  for (;;) RAW(exit_group, exit_code(status));
}
