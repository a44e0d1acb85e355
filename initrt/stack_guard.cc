// What -fstack-protector asks of a libc. The guard is read from %fs:0x28; instead of a page of thread-local storage, which would be the launcher's only writable memory
// beside the stack, %fs is pointed so that those eight bytes are the random ones that the kernel gives each process (AT_RANDOM, getauxval(3)).
//
// Forked and spawned children share them, and what they execute gets its own. In the tests on a fake kernel the guard is the libc's.
#include "initrt/stack_guard.h"

#include "initrt/report.h"
#include "initrt/sys.h"

namespace initrt {
namespace {

constexpr unsigned long kGuardOffset = 0x28;  // the System V ABI's, as compiled in

template <std::size_t size>
[[noreturn]] void end(const char (&line)[size]) {
  static_cast<void>(sys::write(2, line, size - 1));
  sys::exit(kExitLaunch);
}

}  // namespace

void guard_stack(const Startup& start) {
  if (start.random == 0 || sys::set_thread_pointer(start.random - kGuardOffset).failed()) end("launcher: cannot guard the stack: the kernel refuses arch_prctl\n");
}

}  // namespace initrt

#if !__STDC_HOSTED__
/// An array was written past its end. Nothing of this process can be trusted; where it is init, the kernel ends the sandbox with it.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the compilers chose the name
extern "C" [[noreturn]] void __stack_chk_fail() { initrt::end("launcher: the stack is damaged, by a mistake in the launcher itself\n"); }
#endif
