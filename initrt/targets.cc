// Targets. The new root is built while the host's tree is still in reach, so a symbolic link under a target could lead out of it: an app that may write to a bound
// directory plants one, and the next launch makes directories or mounts through it (CVE-2026-87766 and its relatives, KERNEL A 1). Two rules keep that shut:
//
//   * A path whose every parent this launch made itself (the compiler proved it, wire::kTrusted) holds no link; it is used as it stands.
//   * Every other path is resolved by openat2(2) with RESOLVE_IN_ROOT, for which the new root is all there is, and what is found is used by descriptor.
//
// What is missing is made one component at a time, by mkdirat(2) and mknodat(2), which do not follow a link in the last place. It is made only on filesystems of this
// launch: making a mount point inside a writable bind would leave it behind on the host, so that needs `create = true` (KERNEL A 8).
#include "initrt/descriptors.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

constexpr std::uint64_t kInRoot = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

const char* relative(const char* path) { return *path == '/' ? path + 1 : path; }

/// Without openat2 (a filter such as systemd's RestrictSUIDSGID answers ENOSYS on new kernels too, KERNEL A 2) the walk is ours, and it
/// follows no link at all.
Result walk_without_links(int root, const char* path) {
  int at = root;
  char name[kPathSize];
  while (*path != 0) {
    char* to = name;
    while (*path != 0 && *path != '/') *to++ = *path++;
    *to = 0;
    while (*path == '/') ++path;
    const Result next = sys::openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (at != root) sys::close(at);
    if (next.failed()) return next;
    at = next.value();
    Stat info;
    const Result looked = sys::fstatat(at, "", &info, AT_EMPTY_PATH);
    const bool link = !looked.failed() && (info.st_mode & kFileType) == kSymlink;
    if (looked.failed() || link) {
      sys::close(at);
      return looked.failed() ? looked : Result{-ELOOP};
    }
  }
  return at == root ? sys::openat(root, ".", O_PATH | O_CLOEXEC) : Result{at};
}

/// Opens a path of the new root, O_PATH, links resolved inside it.
Result open_inside(const Context& ctx, const char* path) {
  path = relative(path);
  const Result fd = sys::openat2(ctx.root, *path == 0 ? "." : path, O_PATH | O_CLOEXEC, kInRoot);
  return fd.error() == ENOSYS ? walk_without_links(ctx.root, path) : fd;
}

/// Whether `dir`, which is or is above `path`, is on a filesystem that this launch made.
bool is_own(const Context& ctx, int dir, const char* path) {
  Stat info;
  must(ctx, sys::fstatat(dir, "", &info, AT_EMPTY_PATH), "look at the directory of", path);
  for (unsigned i = 0; i < ctx.own_device_count; ++i)
    if (ctx.own_devices[i] == info.st_dev) return true;
  return false;
}

/// A link can lead to the root itself, and what is mounted over that would hide everything before and after it. Of another filesystem no inode is the root's, which is the
/// first of this launch's own.
void must_not_be_root(const Context& ctx, int target, const char* path) {
  Stat info;
  must(ctx, sys::fstatat(target, "", &info, AT_EMPTY_PATH), "look at the directory of", path);
  if (info.st_dev != ctx.own_devices[0]) return;
  Stat root;
  must(ctx, sys::fstatat(ctx.root, "", &root, AT_EMPTY_PATH), "look at the directory of", "/");
  if (info.st_ino == root.st_ino) die(ctx, "a symbolic link leads this target to the root itself:", path);
}

/// `name` may be made in `dir` only where that does not change the host, or the profile says so.
void may_create(const Context& ctx, int dir, const char* name, const char* path, std::uint16_t flags) {
  if ((flags & wire::kCreate) != 0) return;
  if (is_own(ctx, dir, path)) return;
  // Who comes here found nothing by following links, or did not look: a link itself may stand there, and for another link anything may.
  Stat there;
  if (!sys::fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW).failed())
    die(ctx,
        (there.st_mode & kFileType) == kSymlink ? "a symbolic link stands where this would be made on the host:" : "something stands where this would be made on the host:", path);
  die(ctx, "the target does not exist and would be made on the host:", path, 0, "make it there first, or say `create = true`");
}

/// Splits off the last component: copies the parent into `parent`, returns the name.
const char* split(const char* path, char* parent) {
  const char* name = path;
  for (const char* p = path; *p != 0; ++p)
    if (*p == '/') name = p + 1;
  for (; path < name - 1; ++path) *parent++ = *path;
  *parent = 0;
  return name;
}

/// Opens the directory at `path`, making it and its parents where they are missing: from the top down, each looked up anew inside the root.
int make_parents(const Context& ctx, const char* path, std::uint16_t flags) {
  const Result there = open_inside(ctx, path);
  if (there.error() != ENOENT) return must(ctx, there, "open the target's parent", path);
  char upto[kPathSize];
  char* end = upto;
  int dir = must(ctx, open_inside(ctx, "/"), "open the root");
  while (*path != 0) {
    char* const slash = end;
    do *end++ = *path++;
    while (*path != 0 && *path != '/');
    *end = 0;
    Result next = open_inside(ctx, upto);
    if (next.error() == ENOENT) {
      may_create(ctx, dir, slash + 1, upto, flags);
      must(ctx, sys::mkdirat(dir, slash + 1, ctx.image().parent_mode.get()), "make the target's parent", upto);
      next = open_inside(ctx, upto);
    }
    sys::close(dir);
    dir = must(ctx, next, "open the target's parent", upto);
  }
  return dir;
}

void make_target(const Context& ctx, int dir, const char* name, Kind kind, const char* path) {
  if (kind == Kind::Directory) {
    must(ctx, sys::mkdirat(dir, name, ctx.image().parent_mode.get()), "make the target", path);
  } else {
    must(ctx, sys::make_file(dir, name, 0444), "make the target", path);
  }
}

Result move(int mount, const Place& place) {
  const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | (place.at_empty() != 0 ? static_cast<unsigned>(MOVE_MOUNT_T_EMPTY_PATH) : 0u);
  return sys::move_mount(mount, "", place.dir, place.path, flags);
}

}  // namespace

void release(const Place& place) {
  if (place.owned) close_soon(place.dir);
}

bool looks_up_targets(const Context& ctx) {
  for (const wire::OpHead& head : ctx.plan.list<wire::OpHead>(ctx.image().ops))
    if ((head.flags.get() & wire::kTrusted) == 0) return true;
  return false;
}

void own_filesystem(Context& ctx, int fd) {
  if (!ctx.untrusted_targets) return;
  Stat info;
  must(ctx, sys::fstatat(fd, "", &info, AT_EMPTY_PATH), "look at the new filesystem");
  if (ctx.own_device_count == kMaxOwnDevices) die(ctx, "too many filesystems of its own", nullptr, 0, "a profile may have 256");
  ctx.own_devices[ctx.own_device_count++] = info.st_dev;
}

void own_filesystem_at(Context& ctx, const char* path) {
  if (!ctx.untrusted_targets) return;
  const int fd = must(ctx, open_inside(ctx, path), "open the new filesystem", path);
  own_filesystem(ctx, fd);
  close_soon(fd);
}

Place new_name(const Context& ctx, const char* path, std::uint16_t flags) {
  if ((flags & wire::kTrusted) != 0) return {ctx.root, relative(path), false};
  char above[kPathSize];
  const char* name = split(path, above);
  const int dir = make_parents(ctx, above, flags);
  may_create(ctx, dir, name, path, flags);
  return {dir, name, true};
}

Place existing_target(const Context& ctx, const char* path, std::uint16_t flags) {
  if ((flags & wire::kTrusted) != 0) return {ctx.root, relative(path), false};
  const Result fd = open_inside(ctx, path);
  if (fd.error() == ENOENT && (flags & wire::kOptional) != 0) return {};
  return {must(ctx, fd, "open the target", path), "", true};
}

Place mount_target(const Context& ctx, const char* path, TargetWish wish) {
  if ((wish.flags & wire::kTrusted) != 0) {
    if ((wish.flags & (wire::kMakeDir | wire::kMakeFile)) != 0) make_target(ctx, ctx.root, relative(path), wish.kind, path);
    return {ctx.root, relative(path), false};
  }
  const Result there = open_inside(ctx, path);
  if (there.error() != ENOENT) {
    must_not_be_root(ctx, must(ctx, there, "open the target", path), path);
    return {there.value(), "", true};
  }
  const Place place = new_name(ctx, path, wish.flags);
  make_target(ctx, place.dir, place.path, wish.kind, path);
  release(place);
  return {must(ctx, open_inside(ctx, path), "open the target", path), "", true};
}

void must_be_own(const Context& ctx, int dir, const char* path, std::uint16_t flags) {
  if ((flags & wire::kTrusted) != 0 || is_own(ctx, dir, path)) return;
  die(ctx, "the target is a directory of the host, which would be changed:", path, 0, "choose one that the profile makes itself");
}

const char* mount_limit_hint(int error) { return error == ENOSPC ? "the limit of mounts is reached, not the disk: the sysctl `fs.mount-max`" : nullptr; }

void must_mount(const Context& ctx, Result result, const char* what) { must(ctx, result, what, nullptr, mount_limit_hint(result.error())); }

void attach(const Context& ctx, int mount, const Place& place) {
  const Result result = move(mount, place);
  const char* hint = mount_limit_hint(result.error());
  if (result.error() == ENOTDIR) hint = "a file can only be mounted on a file and a directory on a directory";
  must(ctx, result, "attach the mount", nullptr, hint);
  close_soon(mount);
  release(place);
}

bool attach_unless(const Context& ctx, int mount, const Place& place, int error) {
  const Result result = traced(ctx, move(mount, place), "attach the mount");
  if (result.failed() && result.error() != error) die_cannot(ctx, "attach the mount", nullptr, result.error(), mount_limit_hint(result.error()));
  if (!result.failed()) close_soon(mount);
  release(place);
  return !result.failed();
}

}  // namespace initrt
