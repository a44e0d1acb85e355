// Starting the program, and the daemons before it: confined alike.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Starts the profile's program in the finished view and returns its pid; returns only when it has been executed. Failing to do so ends the launch: 126 or 127 for the
/// program itself, 125 for a step before.
int spawn_program(Context& ctx);
/// The same for a daemon: standard input null, standard output to standard error. Any failure is 125.
int spawn_daemon(Context& ctx, const wire::Exec& exec);

}  // namespace initrt
