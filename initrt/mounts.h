// Making detached mounts: what bind, mount, overlay, file, protect and mask have in common.
#pragma once

#include "initrt/context.h"
#include "initrt/sys.h"

namespace initrt {

/// A clone of the mount tree at `path` below `dir`, detached. `recursive`: with all mounts below it.
Result clone_tree(int dir, const char* path, bool recursive);
/// Sets MOUNT_ATTR_* on a detached mount, on all of its tree at once, and cuts its propagation: a filesystem that is mounted on the host later must not
/// appear below it without these flags.
void set_attributes(const Context& ctx, int mount, std::uint64_t attributes);
/// fsopen, fsconfig for each parameter, create: the configured filesystem context, or an error with the context closed.
Result open_filesystem(const Context& ctx, const char* fstype, const wire::Pairs& options);
/// Creates the filesystem of `context` and mounts it, detached; closes `context`.
Result create_mount(int context, std::uint64_t attributes);

}  // namespace initrt
