// bind: clone the tree at a host path, give it its flags while nobody can see it, attach it.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

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

constexpr int kMakeEither = wire::kMakeDir | wire::kMakeFile;  // the target is missing and becomes what the source is

Kind kind_of(const Context& ctx, int tree) {
  Stat info;
  must(ctx, sys::fstatat(tree, "", &info, AT_EMPTY_PATH), "look at the source");
  return (info.st_mode & kFileType) == kDirectory ? Kind::Directory : Kind::File;
}

/// What the target has to be. The compiler says so where it knows.
Kind wished_kind(const Context& ctx, int tree, std::uint16_t flags) {
  const int make = flags & kMakeEither;
  if (make == wire::kMakeDir) return Kind::Directory;
  return make == wire::kMakeFile ? Kind::File : kind_of(ctx, tree);
}

/// Most sources are directories, so that is made of a missing target, and only where the kernel refuses to put the tree there is looked what the source is.
void attach_either(const Context& ctx, int tree, const char* target, std::uint16_t flags) {
  const Place place = mount_target(ctx, target, {Kind::Directory, flags});
  if (attach_unless(ctx, tree, place, EINVAL)) return;
  if (kind_of(ctx, tree) == Kind::Directory) die_cannot(ctx, "attach the mount", nullptr, EINVAL);
  must(ctx, sys::unlinkat(place.dir, place.path, AT_REMOVEDIR), "make the target a file");
  attach(ctx, tree, mount_target(ctx, target, {Kind::File, flags}));
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
  if ((flags & wire::kTrusted) != 0 && (flags & kMakeEither) == kMakeEither) return attach_either(ctx, tree, target, flags);
  attach(ctx, tree, mount_target(ctx, target, {wished_kind(ctx, tree, flags), flags}));
}

}  // namespace initrt
