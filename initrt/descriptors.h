// Which descriptors live: 0-2, those that the profile passes on, those that init keeps for itself. All others are closed.
#pragma once

#include "initrt/context.h"
#include "initrt/sys.h"

namespace initrt {

/// Outside, before anything is opened: every descriptor that the profile names is open, and one that leads out of the view was meant to.
void check_passed_descriptors(const Context& ctx);
/// Inside: init keeps `fd` until it ends.
void keep(Context& ctx, int fd);
/// Keeps what the profile passes on, closed on exec until the program's own child says otherwise.
void keep_passed_descriptors(Context& ctx);
void close_all_but_kept(const Context& ctx);
/// For what init opens while it builds: close_all_but_kept() takes it all with one call before anything is started, so only in large numbers is each closed by itself.
/// Not for a file of the root that was written to: while it is open the root cannot be sealed.
void close_soon(int fd);
/// In the program's child: they stay open over execve.
Result hand_over_descriptors(const Context& ctx);
/// Once the program has them, init lets go: a pipe ends when the program's side of it does.
void let_passed_descriptors_go(Context& ctx);

}  // namespace initrt
