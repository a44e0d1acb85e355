// The empty file and the empty directory that `mask` puts over things. They are our own, not the host's /dev/null, which somebody may have replaced (KERNEL A 5).
#pragma once

#include "initrt/context.h"
#include "initrt/paths.h"

namespace initrt {

/// A detached, read-only mount of an empty file or directory.
int make_cover(Context& ctx, Kind kind);
/// Takes their names away again; the mounts stay.
void remove_covers(Context& ctx);

}  // namespace initrt
