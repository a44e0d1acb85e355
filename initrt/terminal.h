// Job control of a kept session (`process.new-session = false`): the program has a process group of its own, so that kill(0) stays inside, and therefore
// has to be given the terminal, and has to hand it back when it stops or ends.
#pragma once

#include "initrt/context.h"

namespace initrt {

// Outside.

/// Looks for the controlling terminal among 0-2, and whether we are in its foreground. False where there is none.
bool find_terminal(Context& ctx);
bool in_foreground(const Context& ctx);
/// Makes the launcher's own process group the terminal's foreground again, where the program was given it: a launcher in the background must not steal
/// the terminal from the shell.
void take_terminal_back(Context& ctx);

// Inside.

/// Makes `group` (a process group of init's own namespace) the foreground.
void give_terminal(const Context& ctx, int group);

}  // namespace initrt
