// device: one of the standard device nodes, bound from the host. A /dev of somebody's making could hold anything under these names, so what was bound is looked at
// (KERNEL A 5). On a trusted path that is the whole of it: nobody else sees the new root yet, so flags may follow for all devices at once.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

// Read-only keeps root, who owns the devices, from changing their mode on the host (chmod(2): EROFS); a device can be written all the same.
constexpr std::uint64_t kAttributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;

void check(const Context& ctx, const Stat& info, std::uint32_t number) {
  const bool right = (info.st_mode & kFileType) == kCharacterDevice && info.st_rdev == number;
  if (!right) die(ctx, "the source is not the device that its name says");
}

}  // namespace

void apply(Context& ctx, const wire::Device& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  const char* source = ctx.text(op.source);
  ctx.subject = {"device", target, source};
  const Place place = mount_target(ctx, target, {Kind::File, flags});
  Stat info;
  if (!place.owned) {
    must_mount(ctx, sys::mount(source, place.path, nullptr, kMountBind, nullptr), "bind the device");
    must(ctx, sys::fstatat(place.dir, place.path, &info, 0), "look at the device");
    return check(ctx, info, op.number.get());
  }
  const int tree = must(ctx, clone_mount(ctx, kHere, source, Extent::One, kAttributes), "open the source");
  must(ctx, sys::fstatat(tree, "", &info, AT_EMPTY_PATH), "look at the device");
  check(ctx, info, op.number.get());
  attach(ctx, tree, place);
}

}  // namespace initrt
