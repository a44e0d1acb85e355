// remount: add flags to a mount that is there; mount_setattr(2) leaves the others alone, which a remount by mount(2) would not (KERNEL B 9, 11).
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {

void apply(Context& ctx, const wire::Remount& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"remount", target, nullptr};
  const Place place = existing_target(ctx, target, flags);
  struct mount_attr attr = {};
  attr.attr_set = op.attr.get();
  attr.propagation = kMountPrivate;
  const unsigned recursive = (flags & wire::kRecursive) != 0 ? static_cast<unsigned>(AT_RECURSIVE) : 0u;
  const Result result = sys::mount_setattr(place.dir, place.path, place.at_empty() | recursive, &attr);
  must(ctx, result, "set the mount's flags", nullptr, result.error() == EINVAL ? "there is no mount of its own at the target" : nullptr);
  release(place);
}

}  // namespace initrt
