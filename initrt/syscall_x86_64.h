// The one instruction that enters the kernel. Only sys.cc includes this.
#pragma once

namespace initrt {

inline long raw_syscall(long number, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0, unsigned long d = 0, unsigned long e = 0, unsigned long f = 0) {
  register unsigned long r10 asm("r10") = d;
  register unsigned long r8 asm("r8") = e;
  register unsigned long r9 asm("r9") = f;
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

}  // namespace initrt
