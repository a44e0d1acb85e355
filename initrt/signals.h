// What a caller may leave behind in us: dispositions.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Resets every disposition that the caller changed; init, the daemons and the program then have what this process has.
void reset_signals(const Context& ctx);

}  // namespace initrt
