// dir: a directory. One that exists keeps its mode; anything else in its place is an error.
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

/// Without kMakeDir the target may exist, and then no name has to be made.
bool exists(const Context& ctx, const char* target, std::uint16_t flags) {
  if ((flags & wire::kMakeDir) != 0) return false;
  const Place there = existing_target(ctx, target, static_cast<std::uint16_t>((flags & ~wire::kTrusted) | wire::kOptional));
  if (!there.found()) return false;
  Stat info;
  must(ctx, sys::fstatat(there.dir, "", &info, AT_EMPTY_PATH), "look at the target");
  if ((info.st_mode & kFileType) != kDirectory) die(ctx, "something that is no directory is in its place", nullptr, ENOTDIR);
  release(there);
  return true;
}

}  // namespace

void apply(Context& ctx, const wire::Dir& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  ctx.subject = {"dir", target, nullptr};
  if (exists(ctx, target, flags)) return;
  const Place place = new_name(ctx, target, flags);
  must(ctx, sys::mkdirat(place.dir, place.path, op.mode.get()), "make the directory");
  release(place);
}

}  // namespace initrt
