// Trees of the host are cloned with the new mount API (Linux 5.2; mount_setattr 5.12): flags are set while a tree is detached, so nobody ever sees it without them, on
// every mount in it at once, and by descriptor (KERNEL B 9). A new filesystem of our own needs none of that: mount(2) gives it its flags as it makes it, in one call instead of
// four or five, and its parameters are a few numbers that the compiler wrote down.
#include "initrt/mounts.h"

#include "initrt/descriptors.h"
#include "initrt/report.h"
#include "initrt/root.h"

namespace initrt {

namespace {

/// Linux before 6.15. A source that is not there is for the caller to judge; a clone without its flags is nothing to go on with.
Result clone_then_set(const Context& ctx, int dir, const char* path, unsigned flags, struct mount_attr& attr) {
  const Result tree = sys::open_tree(dir, path, flags);
  if (!tree.failed()) must(ctx, sys::mount_setattr(tree.value(), "", AT_EMPTY_PATH | AT_RECURSIVE, &attr), "set the mount's flags");
  return tree;
}

}  // namespace

Result clone_mount(Context& ctx, int dir, const char* path, Extent extent, std::uint64_t attributes) {
  const unsigned flags =
      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (extent == Extent::Tree ? static_cast<unsigned>(AT_RECURSIVE) : 0u) | (*path == 0 ? static_cast<unsigned>(AT_EMPTY_PATH) : 0u);
  struct mount_attr attr = {};
  attr.attr_set = attributes;
  attr.propagation = kMountPrivate;
  if (!ctx.two_step_clones) {
    const Result tree = sys::open_tree_attr(dir, path, flags, &attr);
    // EPERM is what some filters around a container say of a call that they do not know.
    if (tree.error() != ENOSYS && tree.error() != EPERM) return tree;
    ctx.two_step_clones = tree.error() == ENOSYS;
  }
  return clone_then_set(ctx, dir, path, flags, attr);
}

Result mount_filesystem(const Context& ctx, const Place& place, const char* fstype, std::uint64_t attributes, const char* options) {
  static_assert(MOUNT_ATTR_RDONLY == 1 && MOUNT_ATTR_NOSUID == kMountNosuid && MOUNT_ATTR_NODEV == kMountNodev && MOUNT_ATTR_NOEXEC == 8, "mount(2) has the same numbers");
  if (!place.owned) return sys::mount("none", place.path, fstype, attributes, options);
  // mount(2) takes no descriptor, but a working directory is one.
  const Result entered = sys::fchdir(place.dir);
  if (entered.failed()) return entered;
  const Result mounted = sys::mount("none", ".", fstype, attributes, options);
  enter_new_root(ctx);
  return mounted;
}

Result create_mount(int context, std::uint64_t attributes) {
  Result result = sys::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0);
  if (!result.failed()) result = sys::fsmount(context, static_cast<unsigned>(attributes));
  close_soon(context);
  return result;
}

void list_attributes(ShortList& list, std::uint64_t attributes) {
  struct Attribute {
    std::uint64_t bit;
    const char* name;
  };
  constexpr Attribute kAttributes[] = {{MOUNT_ATTR_RDONLY, "ro"}, {MOUNT_ATTR_NOSUID, "nosuid"}, {MOUNT_ATTR_NODEV, "nodev"}, {MOUNT_ATTR_NOEXEC, "noexec"}};
  for (const Attribute& attribute : kAttributes)
    if ((attributes & attribute.bit) != 0) list.add(attribute.name);
}

}  // namespace initrt
