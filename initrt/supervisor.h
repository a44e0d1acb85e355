// The launcher's process outside the sandbox.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Starts init in its namespaces, forwards signals to it, waits, and ends with its exit status. `init` does not return.
[[noreturn]] void supervise(Context& ctx, void (*init)(Context&));

}  // namespace initrt
