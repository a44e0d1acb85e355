// One mount, one pivot_root, one detach: no staging directory, nothing of the host shadowed meanwhile. The new root covers the old one: absolute paths start below the
// cover, at what is still this process's root, and so mean the host's; "/.." steps onto the cover. There init stands from then on, so that relative paths are the
// new root's.
//
// Detaching is safe: the mount namespace was made together with a user namespace, so every mount in it is a slave of the host's, and nothing done
// here propagates outwards (mount_namespaces(7), "restrictions on mount namespaces").
#include "initrt/root.h"

#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {

void enter_new_root(const Context& ctx) { must(ctx, sys::chdir("/.."), "enter the new root"); }

void attach_root(Context& ctx) {
  must_mount(ctx, sys::mount("none", "/", "tmpfs", kMountNosuid | kMountNodev, ctx.plan.str(ctx.image().root_options)), "mount the root filesystem");
  enter_new_root(ctx);
  own_filesystem(ctx, ctx.root);
}

void set_root_readonly(const Context& ctx, bool readonly, const char* what) {
  struct mount_attr attr = {};
  (readonly ? attr.attr_set : attr.attr_clr) = MOUNT_ATTR_RDONLY;
  must(ctx, sys::mount_setattr(ctx.root, "", AT_EMPTY_PATH, &attr), what);
}

void enter_root(Context& ctx) {
  if (!ctx.flag(wire::kRootWritable)) set_root_readonly(ctx, true, "seal the root filesystem");
  const Result pivot = sys::pivot_root(".", ".");
  must(ctx, pivot, "change the root", nullptr,
       pivot.error() == EINVAL ? "the host's root is an initramfs, which cannot be pivoted away: switch to a real root first (switch_root)" : nullptr);
  // The old root lies on top of the new one now, and is what is found there (pivot_root(2)); the working directory is the new root itself, before and after.
  must(ctx, sys::umount(".", kUmountDetach), "detach the host's tree");
}

}  // namespace initrt
