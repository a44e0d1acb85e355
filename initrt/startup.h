// Reading what the kernel left on the stack: arguments, environment, and the auxiliary vector with ids and program headers.
#pragma once

#include "initrt/context.h"

namespace initrt {

Startup read_startup(unsigned long* stack);
/// The value of an environment variable, or nullptr.
const char* environment(const Startup& start, const char* name);

}  // namespace initrt
