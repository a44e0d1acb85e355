// symlink: a link with the given contents, or with those of a host link. One that is there already with the same contents is left alone.
#include "initrt/mem.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// Reads a link into `out`, NUL-terminated.
Result read_link(int dir, const char* path, char* out) {
  const Result size = sys::readlinkat(dir, path, out, kPathSize);
  if (size.failed()) return size;
  if (size.raw == kPathSize) return {-ENAMETOOLONG};
  out[size.raw] = 0;
  return size;
}

/// The contents of the host's link `path`. Its directory is opened like any other source, so that no planted link leads there.
void read_host_link(const Context& ctx, const char* path, char* out) {
  char above[kPathSize];
  const char* name = base_name(path);
  const std::size_t size = static_cast<std::size_t>(name - path);
  memcpy(above, path, size);
  above[size] = 0;
  const int dir = must(ctx, open_source(ctx, above), "open the directory of the link", path);
  must(ctx, read_link(dir, name, out), "read the link", path, "`dereference` needs a symbolic link of the host");
  sys::close(dir);
}

bool same_link(int dir, const char* path, const char* contents) {
  char there[kPathSize];
  return !read_link(dir, path, there).failed() && equal(there, contents);
}

}  // namespace

void apply(Context& ctx, const wire::Symlink& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  const char* contents = ctx.text(op.to);
  ctx.subject = {"symlink", target, nullptr};
  char read[kPathSize];
  if ((flags & wire::kDereference) != 0) {
    read_host_link(ctx, contents, read);
    contents = read;
  }
  const Place place = new_name(ctx, target, flags);
  const Result made = sys::symlinkat(contents, place.dir, place.path);
  if (made.error() != EEXIST || !same_link(place.dir, place.path, contents)) must(ctx, made, "make the link to", contents);
  release(place);
}

}  // namespace initrt
