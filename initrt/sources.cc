// Sources. Symbolic links in host paths are the user's own business and are followed, with one exception: below a directory that this
// profile makes writable, an app could have planted them in an earlier run and so choose what the next launch binds (DESIGN 3.1 "Sources"; the flatpak advisories in KERNEL A 1).
//
// A profile that makes nothing on the host writable opens its sources directly. In every other the common case is still one call: openat2(2) with
// RESOLVE_NO_SYMLINKS succeeds where no link is on the way at all. Only when it meets one is the path walked component by component, with an eye on the
// identity (device and inode, so that no alias of the path helps) of each directory passed through.
#include "initrt/mem.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr int kMaxLinks = 40;  // the kernel's own limit, path_resolution(7)

/// What of a directory the program may write: all that lies in it, or what its entries hold. The `root` op binds each entry by itself, so that the program can plant nothing
/// beside them, only below.
enum class Reach { Whole, Entries };

/// By which name a directory that the profile makes writable is looked for: while the host's tree is in reach, or in the finished view.
enum class Names { Host, View };

/// What is looked for: a directory by its identity, among those that are made writable in this way; without `info` any at all.
struct Wanted {
  Names names;
  Reach reach;
  const Stat* info;
};

/// Whether the directory at `path`, which the profile makes writable, is the one that is looked for. One that is not there cannot be; one that cannot be looked at could.
bool is_wanted(const Context& ctx, const wire::Text& path, Reach reach, const Wanted& wanted) {
  if (wanted.info == nullptr) return true;
  if (reach != wanted.reach) return false;
  Stat other;
  const Result looked = sys::fstatat(kHere, ctx.text(path), &other, 0);
  if (looked.error() == ENOENT || looked.error() == ENOTDIR) return false;
  if (looked.failed()) die_cannot(ctx, "look at a directory that this profile makes writable,", ctx.text(path), looked.error());
  return other.st_dev == wanted.info->st_dev && other.st_ino == wanted.info->st_ino;
}

bool makes_writable(const Context& ctx, const wire::OpHead& head, const Wanted& wanted) {
  const bool host = wanted.names == Names::Host;
  if (head.kind.get() == static_cast<unsigned>(wire::OpKind::Bind)) {
    const auto& bind = ctx.plan.body<wire::Bind>(head);
    return (bind.attr.get() & MOUNT_ATTR_RDONLY) == 0 && is_wanted(ctx, host ? bind.source : bind.path, Reach::Whole, wanted);
  }
  if (head.kind.get() == static_cast<unsigned>(wire::OpKind::Root)) {
    const auto& root = ctx.plan.body<wire::Root>(head);
    return (root.attr.get() & MOUNT_ATTR_RDONLY) == 0 && is_wanted(ctx, host ? root.source : root.path, Reach::Entries, wanted);
  }
  if (head.kind.get() != static_cast<unsigned>(wire::OpKind::Overlay)) return false;
  const auto& overlay = ctx.plan.body<wire::Overlay>(head);
  if (*ctx.text(overlay.upper) == 0) return false;
  if (!host) return is_wanted(ctx, overlay.path, Reach::Whole, wanted);
  return is_wanted(ctx, overlay.upper, Reach::Whole, wanted) || is_wanted(ctx, overlay.work, Reach::Whole, wanted);
}

bool any_writable(const Context& ctx, const Wanted& wanted) {
  for (const wire::OpHead& head : ctx.plan.list<wire::OpHead>(ctx.image().ops))
    if (makes_writable(ctx, head, wanted)) return true;
  return false;
}

struct Walk {
  const Context& ctx;
  Names names;
  bool create;
  int at = -1;  // O_PATH
  bool inside_writable = false;
  bool entries_writable = false;  // of the directory `at`
  int links = 0;
  char rest[kPathSize];  // what is still to be walked
  char name[kPathSize];
};

/// The walk has come to `fd`, which is no link.
void arrive(Walk& walk, int fd, const Stat& info) {
  if (walk.entries_writable || any_writable(walk.ctx, {walk.names, Reach::Whole, &info})) walk.inside_writable = true;
  walk.entries_writable = any_writable(walk.ctx, {walk.names, Reach::Entries, &info});
  if (walk.at >= 0) sys::close(walk.at);
  walk.at = fd;
}

/// At the start, and again where a link says so.
Result arrive_at_root(Walk& walk) {
  const Result root = sys::openat(kHere, "/", O_PATH | O_CLOEXEC);
  if (root.failed()) return root;
  Stat info;
  const Result looked = sys::fstatat(root.value(), "", &info, AT_EMPTY_PATH);
  if (looked.failed()) {
    sys::close(root.value());
    return looked;
  }
  walk.entries_writable = false;
  arrive(walk, root.value(), info);
  return {0};
}

/// Takes the next component off `rest`; false at the end.
bool next_component(Walk& walk) {
  const char* from = walk.rest;
  while (*from == '/') ++from;
  if (*from == 0) return false;
  char* to = walk.name;
  while (*from != 0 && *from != '/') *to++ = *from++;
  *to = 0;
  memmove(walk.rest, from, length(from) + 1);
  return true;
}

/// Puts the contents of the link `fd` before the rest of the walk.
Result follow(Walk& walk, int fd) {
  if (walk.inside_writable)
    die(walk.ctx, "a symbolic link below a directory that this profile makes writable:", walk.name, 0, "the program could have planted it; name the real path");
  if (++walk.links > kMaxLinks) return {-ELOOP};
  char contents[kPathSize];
  const Result size = sys::readlinkat(fd, "", contents, sizeof contents);
  if (size.failed()) return size;
  const std::size_t rest = length(walk.rest);
  if (static_cast<std::size_t>(size.raw) + rest + 1 > sizeof contents) return {-ENAMETOOLONG};
  memcpy(contents + size.raw, walk.rest, rest + 1);
  memcpy(walk.rest, contents, static_cast<std::size_t>(size.raw) + rest + 1);
  return contents[0] == '/' ? arrive_at_root(walk) : Result{0};
}

Result step(Walk& walk) {
  Result fd = sys::openat(walk.at, walk.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd.error() == ENOENT && walk.create) {
    const Result made = sys::mkdirat(walk.at, walk.name, 0700);
    if (made.failed() && made.error() != EEXIST) return made;
    fd = sys::openat(walk.at, walk.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  }
  if (fd.failed()) return fd;
  Stat info;
  const Result looked = sys::fstatat(fd.value(), "", &info, AT_EMPTY_PATH);
  if (looked.failed()) return looked;
  if ((info.st_mode & kFileType) == kSymlink) {
    const Result followed = follow(walk, fd.value());
    sys::close(fd.value());
    return followed;
  }
  arrive(walk, fd.value(), info);
  return {0};
}

Result walk_guarded(const Context& ctx, const char* path, Names names, bool create) {
  Walk walk = {ctx, names, create, -1, false, false, 0, {}, {}};
  const std::size_t size = length(path);
  if (size >= sizeof walk.rest) return {-ENAMETOOLONG};
  memcpy(walk.rest, path, size + 1);
  const Result root = arrive_at_root(walk);
  if (root.failed()) return root;
  while (next_component(walk)) {
    const Result result = step(walk);
    if (!result.failed()) continue;
    if (walk.at >= 0) sys::close(walk.at);
    return result;
  }
  return {walk.at};
}

Result open_guarded(const Context& ctx, const char* path, Names names) {
  if (!ctx.guarded_sources) return sys::openat(kHere, path, O_PATH | O_CLOEXEC);
  const Result fd = sys::openat2(kHere, path, O_PATH | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
  return fd.error() == ELOOP || fd.error() == ENOSYS ? walk_guarded(ctx, path, names, false) : fd;
}

}  // namespace

Result open_source(const Context& ctx, const char* path) { return open_guarded(ctx, path, Names::Host); }

Result open_in_view(const Context& ctx, const char* path) { return open_guarded(ctx, path, Names::View); }

Result ensure_source(const Context& ctx, const char* path) { return walk_guarded(ctx, path, Names::Host, true); }

bool makes_host_writable(const Context& ctx) { return any_writable(ctx, {Names::Host, Reach::Whole, nullptr}); }

}  // namespace initrt
