// PID 1 inside.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Builds the sandbox, runs the program, reaps, and ends with the program's exit status.
[[noreturn]] void run_init(Context& ctx);

}  // namespace initrt
