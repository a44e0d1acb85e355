// Filesystems that are in the view only while it is built, under a name of their own in the root: what is in them is cloned or made a layer, and stays behind those mounts when the name
// goes. Names in the root itself would not do: a file cannot lose its last one while something is mounted over its clone, and nothing can be mounted over the clone once it has lost it.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// For a mount that is hidden later: a new directory of the root, which a `remount` may have made read-only.
void make_hidden_directory(const Context& ctx, const char* name);
/// Mounts a tmpfs with these options at `name`, a new directory of the root.
void attach_scratch(const Context& ctx, const char* name, const char* options);
/// The name is gone afterwards; what was made of the contents lives on.
void detach_scratch(const Context& ctx, const char* name);

inline constexpr const char* kClones = ".immure-clones";
/// What `file` and `mask` clone lies below kClones, from the first that asks until the ops are done. `[root] size` bounds it as it bounds the root.
void need_clones(Context& ctx);
void remove_clones(const Context& ctx);

}  // namespace initrt
