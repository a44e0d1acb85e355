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
  return nullptr;
}

[[noreturn]] void die_of_mount(const Context& ctx, const wire::Mount& op, const char* fstype, int error) {
  ShortList asked;
  list_attributes(asked, op.attr.get());
  for (const wire::Pair& option : ctx.plan.list<wire::Pair>(op.options)) asked.add(ctx.plan.str(option.key), ctx.plan.str(option.value));
  die_cannot(ctx, "mount the filesystem with", asked.text(), error, hint_for(fstype, error));
}

}  // namespace

void apply(Context& ctx, const wire::Mount& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  const char* fstype = ctx.plan.str(op.fstype);
  ctx.subject = {fstype, target, nullptr};

  const Place place = mount_target(ctx, target, {Kind::Directory, flags});
  Result mount = open_filesystem(ctx, fstype, op.options);
  if (!mount.failed()) mount = traced(ctx, create_mount(mount.value(), op.attr.get()), "mount the filesystem");
  if (mount.error() == EPERM && (flags & wire::kOptional) != 0) return release(place);
  if (mount.failed()) die_of_mount(ctx, op, fstype, mount.error());
  if (equal(fstype, "tmpfs")) own_filesystem(ctx, mount.value());
  attach(ctx, mount.value(), place);
}

}  // namespace initrt
