// See scratch.h.
#include "initrt/scratch.h"

#include "initrt/mounts.h"
#include "initrt/report.h"
#include "initrt/root.h"

namespace initrt {
namespace {

constexpr const char* kUnseal = "change the root filesystem's flags";

/// A `remount` may have made the root read-only before its time.
template <class Call>
Result in_root(const Context& ctx, Call call) {
  Result result = call();
  if (result.error() != EROFS) return result;
  set_root_readonly(ctx, false, kUnseal);
  result = call();
  set_root_readonly(ctx, true, kUnseal);
  return result;
}

void remove_directory(const Context& ctx, const char* name) {
  must(ctx, in_root(ctx, [&] { return sys::unlinkat(ctx.root, name, AT_REMOVEDIR); }), "remove the directory of a hidden filesystem");
}

}  // namespace

void make_hidden_directory(const Context& ctx, const char* name) {
  must(ctx, in_root(ctx, [&] { return sys::mkdirat(ctx.root, name, 0700); }), "make a place for a hidden filesystem");
}

void attach_scratch(const Context& ctx, const char* name, const char* options) {
  make_hidden_directory(ctx, name);
  must_mount(ctx, mount_filesystem(ctx, {ctx.root, name, false}, "tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, options), "mount a hidden filesystem");
}

void detach_scratch(const Context& ctx, const char* name) {
  must(ctx, sys::umount(name, kUmountDetach | kUmountNoFollow), "hide a filesystem");
  remove_directory(ctx, name);
}

void need_clones(Context& ctx) {
  if (ctx.clones_attached) return;
  attach_scratch(ctx, kClones, ctx.plan.str(ctx.image().root_options));
  ctx.clones_attached = true;
}

void remove_clones(const Context& ctx) {
  if (!ctx.clones_attached) return;
  // Into the host's tree, with which it is detached in a moment: to detach it here would make the launch wait for one more grace period of the kernel (RCU), 0.1 ms.
  must_mount(ctx, sys::move_mount(ctx.root, kClones, kHere, "/proc", 0), "hide a filesystem");
  remove_directory(ctx, kClones);
}

}  // namespace initrt
