// Init after its last spawn: forward signals, reap, linger, end.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Confines init itself, then waits for the program and for what it leaves behind. Ends with the program's exit status, 128+N for a signal.
[[noreturn]] void look_after(Context& ctx, int program);

}  // namespace initrt
