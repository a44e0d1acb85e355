// console: where standard output is a terminal, make that terminal visible, as /dev/console.
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {

void apply(Context& ctx, const wire::Console& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"console", target, nullptr};
  unsigned char settings[64];  // struct termios of the kernel; only whether there is one matters, isatty(3)
  if (traced(ctx, sys::ioctl(1, TCGETS, settings), "ask whether standard output is a terminal").failed()) return;

  // The descriptor came from another mount namespace and cannot be cloned (KERNEL A 4): its name is looked up here, and must be the same device.
  char name[kPathSize];
  const Result size = sys::readlinkat(kHere, "/proc/self/fd/1", name, sizeof name - 1);
  must(ctx, size, "find the terminal's name");
  name[size.raw] = 0;
  Stat ours, found;
  must(ctx, sys::fstatat(1, "", &ours, AT_EMPTY_PATH), "look at standard output");
  const Result tree = traced(ctx, clone_mount(ctx, kHere, name, Extent::One, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC), "clone the terminal", name);
  if (tree.failed()) return;  // a terminal of another container's /dev: the program still has it as its standard output
  must(ctx, sys::fstatat(tree.value(), "", &found, AT_EMPTY_PATH), "look at the terminal", name);
  if ((found.st_mode & kFileType) != kCharacterDevice || found.st_rdev != ours.st_rdev) return sys::close(tree.value());
  attach(ctx, tree.value(), mount_target(ctx, target, {Kind::File, flags}));
}

}  // namespace initrt
