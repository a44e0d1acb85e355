// mount: a new filesystem (tmpfs, proc, devpts, mqueue) with the parameters that the compiler wrote down.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

const char* hint_for(const char* fstype, int error) {
  if (error == EPERM && equal(fstype, "proc"))
    return "the proc around this sandbox is partly masked, as in many containers, so the kernel refuses a new one: unmask it there, or say `optional = true`";
  if (error == ENODEV) return "this kernel lacks the filesystem";
  return mount_limit_hint(error);
}

[[noreturn]] void die_of_mount(const Context& ctx, const wire::Mount& op, const char* fstype, int error) {
  ShortList asked;
  list_attributes(asked, op.attr.get());
  if (*ctx.plan.str(op.options) != 0) asked.add(ctx.plan.str(op.options));
  die_cannot(ctx, "mount the filesystem with", asked.text(), error, hint_for(fstype, error));
}

}  // namespace

void apply(Context& ctx, const wire::Mount& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  const char* fstype = ctx.plan.str(op.fstype);
  ctx.subject = {fstype, target, nullptr};

  const Place place = mount_target(ctx, target, {Kind::Directory, flags});
  const Result mounted = traced(ctx, mount_filesystem(ctx, place, fstype, op.attr.get(), ctx.plan.str(op.options)), "mount the filesystem");
  release(place);
  if (mounted.error() == EPERM && (flags & wire::kOptional) != 0) return;
  if (mounted.failed()) die_of_mount(ctx, op, fstype, mounted.error());
  if (equal(fstype, "tmpfs")) own_filesystem_at(ctx, target);
}

}  // namespace initrt
