// Stands in for the header of that name (interrupted.cc): the kernel is a function of the test's.
#pragma once

namespace initrt {

long raw_syscall(long number, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0, unsigned long d = 0, unsigned long e = 0, unsigned long f = 0);

}  // namespace initrt
