// Making mounts: what bind, mount, overlay, file, protect and mask have in common.
#pragma once

#include "initrt/context.h"
#include "initrt/paths.h"
#include "initrt/sys.h"
#include "initrt/text.h"

namespace initrt {

enum class Extent { One, Tree };

/// A clone of the mount at `path` below `dir`, detached; with `Tree` of all mounts below it too. Every mount of it gets the MOUNT_ATTR_* of `attributes`, and its
/// propagation is cut: a filesystem that is mounted on the host later must not appear below it without these flags.
Result clone_mount(Context& ctx, int dir, const char* path, Extent extent, std::uint64_t attributes);
/// mount(2) of a new filesystem at `place`, with its flags from the first moment.
Result mount_filesystem(const Context& ctx, const Place& place, const char* fstype, std::uint64_t attributes, const char* options);
/// Creates the filesystem of `context` and mounts it, detached; closes `context`.
Result create_mount(int context, std::uint64_t attributes);

/// The flags by the names of mount(8), for a message.
void list_attributes(ShortList& list, std::uint64_t attributes);

}  // namespace initrt
