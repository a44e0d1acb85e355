// A launcher in nothing but its start and its flags: writes past the end of an array when it gets an argument, and ends with 7 when it gets none. See CMakeLists.txt.
#include "initrt/stack_guard.h"
#include "initrt/startup.h"
#include "initrt/sys.h"

namespace {

[[gnu::noinline]] void fill(volatile char* bytes, unsigned long size) {
  for (unsigned long i = 0; i < size; ++i) bytes[i] = 'x';
}

[[gnu::noinline]] void write_array(unsigned long size) {
  char bytes[16];
  fill(bytes, size);
}

}  // namespace

extern "C" [[noreturn]] void launcher_main(unsigned long* stack) {
  const initrt::Startup start = initrt::read_startup(stack);
  initrt::guard_stack(start);
  write_array(start.argc == 1 ? 16 : 48);
  initrt::sys::exit(7);
}
