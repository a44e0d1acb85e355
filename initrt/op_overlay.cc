// overlay: directories of the host over one another. Always with `userxattr`: without it, removing a merged directory fails with EIO in a user namespace (KERNEL 2.5).
//
// Layers are given by descriptor (fsconfig SET_FD, Linux 6.13): no escaping, no 255-byte or one-page limit, no second lookup of a path. Older kernels get the same
// descriptors as names: mount(2) from /proc/self/fd, where each layer's name is a few digits.
#include "initrt/descriptors.h"
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/root.h"
#include "initrt/scratch.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr const char* kScratch = ".immure-overlay";
constexpr const char* kUpper = ".immure-overlay/upper";
constexpr const char* kWork = ".immure-overlay/work";

struct Layers {
  int lower[wire::kMaxLower];
  unsigned lower_count = 0;
  int upper = -1;
  int work = -1;
};

const char* hint_for(int error) {
  switch (error) {
    case EINVAL:
      return "a layer that is no directory or has mounts below it, upper and work on different mounts, or an upper on a filesystem that cannot be one (an overlay, as in containers)";
    case ELOOP: return "two of the layers are the same directory, or one lies inside another";
    case EBUSY: return "upper or work is in use by another overlay";
    default: return nullptr;
  }
}

int open_layer(const Context& ctx, const char* path) {
  const Result fd = open_source(ctx, path);
  return must(ctx, fd, "open the layer", path, fd.error() == ENOENT ? "make the directory first" : nullptr);
}

/// Two overlays that write to one directory damage each other, and the kernel only logs it (KERNEL C 22): whoever comes second is refused. The lock lives as long as init.
void lock(Context& ctx, int directory, const char* path, const char* opening, const char* locking) {
  const int fd = must(ctx, sys::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), opening, path);
  const Result locked = sys::flock(fd, kLockExclusive | kLockNonBlocking);
  must(ctx, locked, locking, path, locked.error() == EAGAIN ? "another overlay is using it" : nullptr);
  keep(ctx, fd);
}

/// Upper and work of an ephemeral overlay: two directories of a tmpfs that is attached only while the overlay is made, because the kernel takes no layers from a detached
/// mount before 6.15. The upper gets the mode of the topmost lower: the root of an overlay is what its upper is.
void make_ephemeral(const Context& ctx, Layers& layers) {
  Stat top;
  must(ctx, sys::fstatat(layers.lower[0], "", &top, AT_EMPTY_PATH), "look at the topmost layer");
  attach_scratch(ctx, kScratch, "");
  must(ctx, sys::mkdirat(ctx.root, kUpper, top.st_mode & 07777), "make the upper directory");
  must(ctx, sys::mkdirat(ctx.root, kWork, 0700), "make the work directory");
  layers.upper = must(ctx, sys::openat(ctx.root, kUpper, O_PATH | O_DIRECTORY | O_CLOEXEC), "open the upper directory");
  layers.work = must(ctx, sys::openat(ctx.root, kWork, O_PATH | O_DIRECTORY | O_CLOEXEC), "open the work directory");
}

Layers open_layers(Context& ctx, const wire::Overlay& op, std::uint16_t flags) {
  Layers layers;
  for (const wire::Text& lower : ctx.plan.list<wire::Text>(op.lower)) {
    if (layers.lower_count == wire::kMaxLower) die(ctx, "more than 500 lower directories");
    layers.lower[layers.lower_count++] = open_layer(ctx, ctx.text(lower));
  }
  if (layers.lower_count == 0) die(ctx, "no lower directory");
  if ((flags & wire::kEphemeral) != 0) {
    make_ephemeral(ctx, layers);
  } else if (*ctx.text(op.upper) != 0) {
    layers.upper = open_layer(ctx, ctx.text(op.upper));
    layers.work = open_layer(ctx, ctx.text(op.work));
    lock(ctx, layers.work, ctx.text(op.work), "open the work directory", "lock the work directory");
    lock(ctx, layers.upper, ctx.text(op.upper), "open the upper directory", "lock the upper directory");
  }
  return layers;
}

void close_layers(const Layers& layers) {
  for (unsigned i = 0; i < layers.lower_count; ++i) sys::close(layers.lower[i]);
  if (layers.upper >= 0) sys::close(layers.upper);
  if (layers.work >= 0) sys::close(layers.work);
}

/// All layers by descriptor.
Result configure(int context, const Layers& layers) {
  Result result = sys::fsconfig(context, FSCONFIG_SET_FLAG, "userxattr", nullptr, 0);
  for (unsigned i = 0; i < layers.lower_count && !result.failed(); ++i) result = sys::fsconfig(context, FSCONFIG_SET_FD, "lowerdir+", nullptr, layers.lower[i]);
  if (!result.failed() && layers.upper >= 0) result = sys::fsconfig(context, FSCONFIG_SET_FD, "upperdir", nullptr, layers.upper);
  if (!result.failed() && layers.work >= 0) result = sys::fsconfig(context, FSCONFIG_SET_FD, "workdir", nullptr, layers.work);
  return result;
}

/// "lowerdir=7:8:9,upperdir=10,workdir=11,userxattr": 500 layers stay far below the page at which mount(2) cuts its options.
void write_options(char* to, const Layers& layers) {
  to = append(to, "userxattr,lowerdir=");
  for (unsigned i = 0; i < layers.lower_count; ++i) {
    if (i != 0) to = append(to, ":");
    to = append_number(to, static_cast<unsigned long>(layers.lower[i]));
  }
  if (layers.upper < 0) return;
  to = append_number(append(to, ",upperdir="), static_cast<unsigned long>(layers.upper));
  append_number(append(to, ",workdir="), static_cast<unsigned long>(layers.work));
}

/// Kernels before 6.13. The overlay is mounted on a directory of the root and cloned off it.
Result mount_by_name(Context& ctx, const Layers& layers, std::uint64_t attributes) {
  constexpr const char* kStage = ".immure-stage";
  char options[kPathSize];
  write_options(options, layers);
  make_hidden_directory(ctx, kStage);
  const int stage = must(ctx, sys::openat(ctx.root, kStage, O_PATH | O_DIRECTORY | O_CLOEXEC), "open the overlay's stage");
  char target[24];
  append_number(target, static_cast<unsigned long>(stage));
  must(ctx, sys::chdir("/proc/self/fd"), "enter the directory of descriptors");
  const Result mounted = sys::mount("overlay", target, "overlay", 0, options);
  enter_new_root(ctx);
  sys::close(stage);
  if (mounted.failed()) return mounted;
  const Result tree = clone_mount(ctx, ctx.root, kStage, Extent::One, attributes);
  detach_scratch(ctx, kStage);
  return tree;
}

/// A detached overlay mount.
Result mount_overlay(Context& ctx, const Layers& layers, std::uint64_t attributes) {
  const Result context = sys::fsopen("overlay");
  if (context.failed()) return context;
  const Result configured = configure(context.value(), layers);
  if (!configured.failed()) return create_mount(context.value(), attributes);
  sys::close(context.value());
  // This kernel takes no descriptors here: EBADF from 6.5 to 6.12, where fsconfig itself wants one that can be read or written, EOPNOTSUPP before, where overlayfs knows no
  // layers one by one, and EINVAL where it knows the parameter as a string. If it is about the layers after all, the other way says so again.
  const bool by_name = configured.error() == EBADF || configured.error() == EOPNOTSUPP || configured.error() == EINVAL;
  return by_name ? mount_by_name(ctx, layers, attributes) : configured;
}

/// An upper on a filesystem without user xattrs is mounted all the same, and then EIO meets whoever removes a directory of a lower layer or makes it again.
void check_xattrs(const Context& ctx, int upper, bool ephemeral) {
  char path[40];
  append_number(append(path, "/proc/self/fd/"), static_cast<unsigned long>(upper));
  // Others than this error say that it has none yet, or cannot be asked.
  if (traced(ctx, sys::getxattr(path, "user.overlay.opaque"), "ask for xattrs of the upper directory").error() != EOPNOTSUPP) return;
  die(ctx, "the filesystem for the changes keeps no user xattrs, without which directories cannot be removed", nullptr, EOPNOTSUPP,
      ephemeral ? "tmpfs keeps them from Linux 6.6 on: instead of `ephemeral`, give `upper` and `work` on a disk"
                : "put `upper` and `work` on a disk: tmpfs keeps them from Linux 6.6 on");
}

/// With a work directory that cannot be written the kernel mounts read-only and says nothing (KERNEL 2.2).
void check_writable(const Context& ctx, int mount) {
  struct statfs info;
  must(ctx, sys::fstatfs(mount, &info), "look at the overlay");
  if ((static_cast<unsigned long>(info.f_flags) & kMountRdonlyFlag) != 0)
    die(ctx, "the kernel made the overlay read-only", nullptr, EROFS, "the work directory cannot be written: make it yours, and empty");
}

[[noreturn]] void die_of_overlay(const Context& ctx, const wire::Overlay& op, int error) {
  ShortList asked;
  list_attributes(asked, op.attr.get());
  for (const wire::Text& lower : ctx.plan.list<wire::Text>(op.lower)) asked.add("lower", ctx.text(lower));
  if (*ctx.text(op.upper) != 0) asked.add("upper", ctx.text(op.upper));
  if (*ctx.text(op.work) != 0) asked.add("work", ctx.text(op.work));
  die_cannot(ctx, "mount the overlay with", asked.text(), error, hint_for(error));
}

}  // namespace

void apply(Context& ctx, const wire::Overlay& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"overlay", target, nullptr};
  const Layers layers = open_layers(ctx, op, flags);
  if (layers.upper >= 0) check_xattrs(ctx, layers.upper, (flags & wire::kEphemeral) != 0);
  const Result mount = traced(ctx, mount_overlay(ctx, layers, op.attr.get()), "mount the overlay");
  if (mount.failed()) die_of_overlay(ctx, op, mount.error());
  close_layers(layers);
  if (layers.upper >= 0) check_writable(ctx, mount.value());
  if ((flags & wire::kEphemeral) != 0) {
    detach_scratch(ctx, kScratch);
    own_filesystem(ctx, mount.value());
  }
  attach(ctx, mount.value(), mount_target(ctx, target, {Kind::Directory, flags}));
}

}  // namespace initrt
