// file: contents that came with the plan. On the sealed root it is simply made there; elsewhere it is mounted over the target, read-only, from a file of the root
// that loses its name at once.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

constexpr const char* kScratch = ".immure-file";

void write_file(const Context& ctx, int dir, const char* path, const wire::File& op) {
  const int fd = must(ctx, sys::openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, op.mode.get()), "make the file");
  const unsigned char* data = ctx.plan.data() + op.data.off.get();
  std::size_t left = op.data.count.get();
  while (left > 0) {
    const int written = must(ctx, sys::write(fd, data, left), "write the file", nullptr, "`[root] size` bounds what files may hold");
    data += written;
    left -= static_cast<std::size_t>(written);
  }
  sys::close(fd);
}

}  // namespace

void apply(Context& ctx, const wire::File& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"file", target, nullptr};
  if ((flags & wire::kInPlace) != 0) {
    const Place place = new_name(ctx, target, flags);
    write_file(ctx, place.dir, place.path, op);
    return release(place);
  }
  write_file(ctx, ctx.root, kScratch, op);
  const int mount = must(ctx, clone_mount(ctx, ctx.root, kScratch, Extent::One, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV), "clone the file");
  attach(ctx, mount, mount_target(ctx, target, {Kind::File, flags}));
  // Only now: the kernel attaches no mount whose root has lost its name.
  must(ctx, sys::unlinkat(ctx.root, kScratch, 0), "remove the file's first name");
}

}  // namespace initrt
