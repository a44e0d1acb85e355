// The new mount API (Linux 5.2; mount_setattr 5.12): flags are set while a tree is detached, so nobody ever sees it without them, and no option string is
// parsed, escaped or cut at a page (KERNEL B 9 and C 17).
#include "initrt/mounts.h"

#include "initrt/report.h"

namespace initrt {

Result clone_tree(int dir, const char* path, bool recursive) {
  const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? static_cast<unsigned>(AT_RECURSIVE) : 0u) |
                         (*path == 0 ? static_cast<unsigned>(AT_EMPTY_PATH) : 0u);
  return sys::open_tree(dir, path, flags);
}

void set_attributes(const Context& ctx, int mount, std::uint64_t attributes) {
  struct mount_attr attr = {};
  attr.attr_set = attributes;
  attr.propagation = kMountPrivate;
  must(ctx, sys::mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr), "set the mount's flags");
}

Result open_filesystem(const Context& ctx, const char* fstype, const wire::Pairs& options) {
  const Result context = traced(ctx, sys::fsopen(fstype), "open a filesystem of type", fstype);
  if (context.failed()) return context;
  for (const wire::Pair& option : ctx.plan.list<wire::Pair>(options)) {
    const char* key = ctx.plan.str(option.key);
    const char* value = ctx.plan.str(option.value);
    const Result set = *value == 0 ? sys::fsconfig(context.value(), FSCONFIG_SET_FLAG, key, nullptr, 0)
                                   : sys::fsconfig(context.value(), FSCONFIG_SET_STRING, key, value, 0);
    if (traced(ctx, set, "set the filesystem's option", key).failed()) die_cannot(ctx, "set the filesystem's option", key, set.error());
  }
  return context;
}

Result create_mount(int context, std::uint64_t attributes) {
  Result result = sys::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0);
  if (!result.failed()) result = sys::fsmount(context, static_cast<unsigned>(attributes));
  sys::close(context);
  return result;
}

}  // namespace initrt
