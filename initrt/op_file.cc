// file: contents that came with the plan. On the sealed root it is simply made there; elsewhere it is mounted over the target, read-only, from a filesystem that is hidden later.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/scratch.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// Of the n-th file that was mounted.
struct CloneName {
  char text[48];
  explicit CloneName(unsigned number) { append_number(append(append(text, kClones), "/"), number); }
};

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
  need_clones(ctx);
  const CloneName name(ctx.files_mounted++);
  write_file(ctx, ctx.root, name.text, op);
  const int mount = must(ctx, clone_mount(ctx, ctx.root, name.text, Extent::One, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV), "clone the file");
  attach(ctx, mount, mount_target(ctx, target, {Kind::File, flags}));
}

}  // namespace initrt
