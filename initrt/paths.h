// Where an op takes effect: targets in the new root, sources on the host. All by descriptor, and no symbolic link that a sandboxed program could have planted
// leads anywhere.
#pragma once

#include "initrt/context.h"
#include "initrt/sys.h"

namespace initrt {

enum class Kind { Directory, File, Other };

/// A place to act on: `path` relative to `dir`. An empty path means `dir` itself.
struct Place {
  int dir = kNowhere;
  const char* path = "";
  bool owned = false;                  // `dir` was opened for this place and is to be closed
  static constexpr int kNowhere = -1;  // no descriptor, and not AT_FDCWD either
  bool found() const { return dir != kNowhere; }
  unsigned at_empty() const { return *path == 0 ? static_cast<unsigned>(AT_EMPTY_PATH) : 0u; }
};
void release(const Place& place);

/// What a target may need on its way: what it is to be, and whether it may be made on the host.
struct TargetWish {
  Kind kind = Kind::Directory;
  std::uint16_t flags = 0;  // wire::OpFlag
};

/// The target of a mount: made where it is missing. For a trusted path no lookup is needed: nothing on the way can be a link.
Place mount_target(const Context& ctx, const char* path, TargetWish wish);
/// Ends the launch unless what is made in `dir`, the directory at the target `path`, changes nothing of the host. `flags`: wire::OpFlag.
void must_be_own(const Context& ctx, int dir, const char* path, std::uint16_t flags);
/// A target that must be there. With wire::kOptional a missing one gives a place that is not found.
Place existing_target(const Context& ctx, const char* path, std::uint16_t flags);
/// The directory in which a new name is made, and that name.
Place new_name(const Context& ctx, const char* path, std::uint16_t flags);

/// A host path for reading or mounting, opened O_PATH. On failure the Result's error; ENOENT is for the caller to judge.
Result open_source(const Context& ctx, const char* path);
/// A path of the finished view, likewise: a link that the program could have planted chooses what a rule is about.
Result open_in_view(const Context& ctx, const char* path);
/// A host path, making missing directories on the way, mode 0700.
Result ensure_source(const Context& ctx, const char* path);

/// Whether the profile makes anything on the host writable: Context::guarded_sources.
bool makes_host_writable(const Context& ctx);
/// Whether any target has to be looked up: Context::untrusted_targets.
bool looks_up_targets(const Context& ctx);

/// Remembers that the filesystem behind `fd` is this launch's own, where that will be asked.
void own_filesystem(Context& ctx, int fd);
/// The same for what is mounted at a target.
void own_filesystem_at(Context& ctx, const char* path);

/// What a refused mount is about where the kernel says ENOSPC: never a disk (KERNEL B 16). Otherwise nullptr.
const char* mount_limit_hint(int error);
/// must(), with that.
void must_mount(const Context& ctx, Result result, const char* what);

/// Moves the detached mount `mount` to `place` and closes both.
void attach(const Context& ctx, int mount, const Place& place);
/// The same; false where the kernel refuses with `error`, and then the mount is still the caller's.
bool attach_unless(const Context& ctx, int mount, const Place& place, int error);

}  // namespace initrt
