// One mount, one pivot_root, one detach: no staging directory, nothing of the host shadowed meanwhile. The tree is attached before it is filled, because
// mounting on a detached tree needs Linux 6.15.
//
// Detaching is safe: the mount namespace was made together with a user namespace, so every mount in it is a slave of the host's, and nothing done
// here propagates outwards (mount_namespaces(7), "restrictions on mount namespaces").
#include "initrt/root.h"

#include "initrt/mounts.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {

void attach_root(Context& ctx) {
  const int filesystem = must(ctx, open_filesystem(ctx, "tmpfs", ctx.image().root_options), "open the root filesystem");
  ctx.root = must(ctx, create_mount(filesystem, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV), "mount the root filesystem");
  must(ctx, sys::move_mount(ctx.root, "", kHere, "/", MOVE_MOUNT_F_EMPTY_PATH), "attach the root filesystem");
  own_filesystem(ctx, ctx.root);
}

void enter_root(Context& ctx) {
  if (!ctx.flag(wire::kRootWritable)) {
    struct mount_attr attr = {};
    attr.attr_set = MOUNT_ATTR_RDONLY;
    must(ctx, sys::mount_setattr(ctx.root, "", AT_EMPTY_PATH, &attr), "seal the root filesystem");
  }
  must(ctx, sys::fchdir(ctx.root), "enter the new root");
  const Result pivot = sys::pivot_root(".", ".");
  must(ctx, pivot, "change the root", nullptr,
       pivot.error() == EINVAL ? "the host's root is an initramfs, which cannot be pivoted away: switch to a real root first (switch_root)" : nullptr);
  must(ctx, sys::umount(".", kUmountDetach), "detach the host's tree");
  must(ctx, sys::chdir("/"), "enter the root");
}

}  // namespace initrt
