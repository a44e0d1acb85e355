// mask: cover a file or directory with an empty one, read-only. They are our own, not the host's /dev/null, which somebody may have replaced (KERNEL A 5). Whether an optional target
// is there at all is seen when the cover is attached; one that found no place is for the next mask.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/report.h"
#include "initrt/scratch.h"

namespace initrt {
namespace {

constexpr const char* kEmptyFile = ".immure-clones/empty";
constexpr const char* kEmptyDirectory = ".immure-clones/empty-directory";
constexpr std::uint64_t kSealed = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/// A detached, read-only mount of an empty file or directory.
int make_cover(Context& ctx, Kind kind) {
  if (!ctx.covers_made) {
    need_clones(ctx);
    must(ctx, sys::make_file(ctx.root, kEmptyFile, 0444), "make an empty file");
    must(ctx, sys::mkdirat(ctx.root, kEmptyDirectory, 0555), "make an empty directory");
    ctx.covers_made = true;
  }
  return must(ctx, clone_mount(ctx, ctx.root, kind == Kind::Directory ? kEmptyDirectory : kEmptyFile, Extent::One, kSealed), "clone the cover");
}

}  // namespace

void apply(Context& ctx, const wire::Mask& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"mask", target, nullptr};
  const Place place = existing_target(ctx, target, flags);
  if (!place.found()) return;
  const bool directory = op.directory.get() != 0;
  int& spare = ctx.spare_covers[directory ? 1 : 0];
  const int cover = spare >= 0 ? spare : make_cover(ctx, directory ? Kind::Directory : Kind::File);
  spare = -1;
  if ((flags & wire::kOptional) == 0) return attach(ctx, cover, place);
  if (!attach_unless(ctx, cover, place, ENOENT)) spare = cover;
}

}  // namespace initrt
