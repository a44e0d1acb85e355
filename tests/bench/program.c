/* What runs inside while launchers are measured: nothing, or with -DSLEEP a process that sleeps until it is killed. Without a libc, so that its own start costs nothing. */
#include <asm/unistd.h>

#ifdef SLEEP
enum { kCall = __NR_pause };
#else
enum { kCall = __NR_exit };
#endif

__attribute__((noreturn)) void _start(void) {
  __asm__ volatile("syscall" : : "a"(kCall), "D"(0) : "rcx", "r11", "memory");
  __asm__ volatile("syscall" : : "a"(__NR_exit), "D"(0) : "rcx", "r11", "memory");
  __builtin_unreachable();
}
