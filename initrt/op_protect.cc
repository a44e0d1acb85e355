// protect: a part of a mount gets further flags by being bound over itself. For /proc/sys and its like.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {

void apply(Context& ctx, const wire::Protect& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"protect", target, nullptr};
  const Place place = existing_target(ctx, target, flags);
  if (!place.found()) return;
  const Result mount = traced(ctx, clone_mount(ctx, place.dir, place.path, Extent::One, op.attr.get()), "clone the target");
  if (mount.error() == ENOENT && (flags & wire::kOptional) != 0) return release(place);
  if (mount.failed()) die_cannot(ctx, "clone the target", nullptr, mount.error());
  attach(ctx, mount.value(), place);
}

}  // namespace initrt
