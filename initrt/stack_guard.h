// The value that functions with arrays look at before they return: see stack_guard.cc.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// The launcher's first step: a function that has a guard would crash before it, those that report errors among them.
void guard_stack(const Startup& start);

}  // namespace initrt
