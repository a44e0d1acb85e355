// The new root: a private tmpfs, attached over "/", filled by the ops, then made the only tree there is.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Back to where relative paths are the new root's, from wherever an op went.
void enter_new_root(const Context& ctx);

/// Mounts the tmpfs over "/". Absolute paths still lead to the host, because lookups start at the process's old root, below the new mount.
void attach_root(Context& ctx);
/// Seals it (unless it stays writable), pivots into it and detaches the host's tree. From then on nothing of the host can be reached but what was bound.
void enter_root(Context& ctx);
/// Of the root's own mount. `what`: the step, for a message.
void set_root_readonly(const Context& ctx, bool readonly, const char* what);

}  // namespace initrt
