// Daemons: programs that the program needs beside it, such as a filtering proxy of a socket.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Starts each in order and waits until its `ready` path appears. One that exists beforehand, an early exit (0 too) and a timeout end the launch. Their pids go into
/// Context::daemons.
void start_daemons(Context& ctx);

}  // namespace initrt
