// bind: clone the tree at a host path, give it its flags while nobody can see it, attach it.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

Stat look_at(const Context& ctx, int fd) {
  Stat info;
  must(ctx, sys::fstatat(fd, "", &info, AT_EMPTY_PATH), "look at the source");
  return info;
}

/// The standard device nodes must be what their names say (KERNEL A 5): a /dev of somebody's making could hold anything.
void check_device(const Context& ctx, const Stat& info, std::uint32_t device) {
  const bool right = (info.st_mode & kFileType) == kCharacterDevice && info.st_rdev == device;
  if (!right) die(ctx, "the source is not the device that its name says");
}

/// The source's tree, cloned. Where links need no guarding the clone opens the path itself.
Result clone_source(Context& ctx, const char* source, std::uint64_t attributes) {
  if (!ctx.guarded_sources) return clone_mount(ctx, kHere, source, Extent::Tree, attributes);
  const Result fd = open_source(ctx, source);
  if (fd.failed()) return fd;
  const Result tree = clone_mount(ctx, fd.value(), "", Extent::Tree, attributes);
  sys::close(fd.value());
  return tree;
}

/// With `ensure`, the directory is made where it is missing; its mere opening made it.
Result source_tree(Context& ctx, const char* source, std::uint64_t attributes, std::uint16_t flags) {
  const Result tree = clone_source(ctx, source, attributes);
  if (tree.error() != ENOENT || (flags & wire::kEnsure) == 0) return tree;
  const Result made = ensure_source(ctx, source);
  if (made.failed()) return made;
  sys::close(made.value());
  return clone_source(ctx, source, attributes);
}

/// What the target has to be. The compiler says so where it knows; both flags together mean that it is missing and becomes what the source is.
Kind kind_of(const Context& ctx, int tree, std::uint16_t flags) {
  const int make = flags & (wire::kMakeDir | wire::kMakeFile);
  if (make == wire::kMakeDir) return Kind::Directory;
  if (make == wire::kMakeFile) return Kind::File;
  return (look_at(ctx, tree).st_mode & kFileType) == kDirectory ? Kind::Directory : Kind::File;
}

}  // namespace

void apply(Context& ctx, const wire::Bind& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  const char* source = ctx.text(op.source);
  ctx.subject = {"bind", target, source};

  const Result cloned = traced(ctx, source_tree(ctx, source, op.attr.get(), flags), "open the source");
  if (cloned.error() == ENOENT && (flags & wire::kOptional) != 0) return;
  if (cloned.failed()) die_cannot(ctx, "open the source", nullptr, cloned.error(), cloned.error() == ENOENT ? "make it, or say `optional = true`" : nullptr);
  const int tree = cloned.value();
  if (op.device.get() != 0) check_device(ctx, look_at(ctx, tree), op.device.get());
  attach(ctx, tree, mount_target(ctx, target, {kind_of(ctx, tree, flags), flags}));
}

}  // namespace initrt
