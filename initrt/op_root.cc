// root: every entry of a host directory at the same name under the root. Directories and files are bound, links are copied; what the sandbox has of its own is left out.
#include "initrt/directory.h"
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr const char* kLeftOut[] = {"proc", "dev", "tmp", "mnt", "etc"};

struct Roots {
  Context& ctx;
  int from;
  std::uint64_t attributes;
};

bool is_left_out(const char* name) {
  for (const char* other : kLeftOut)
    if (equal(name, other)) return true;
  return false;
}

void copy_link(const Roots& roots, int entry, const char* name) {
  char contents[kPathSize];
  const int size = must(roots.ctx, sys::readlinkat(entry, "", contents, sizeof contents - 1), "read the link", name);
  contents[size] = 0;
  must(roots.ctx, sys::symlinkat(contents, roots.ctx.root, name), "make the link", name);
}

/// What is bound is what was looked at: by name, another launch of the profile could have put a link there in between.
void bind_entry(void* argument, const char* name) {
  const Roots& roots = *static_cast<Roots*>(argument);
  if (is_left_out(name)) return;
  const int entry = must(roots.ctx, sys::openat(roots.from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), "open", name);
  Stat info;
  must(roots.ctx, sys::fstatat(entry, "", &info, AT_EMPTY_PATH), "look at", name);
  const unsigned type = info.st_mode & kFileType;
  if (type == kSymlink) {
    copy_link(roots, entry, name);
    return sys::close(entry);
  }
  if (type == kDirectory) {
    must(roots.ctx, sys::mkdirat(roots.ctx.root, name, 0755), "make the target", name);
  } else {
    must(roots.ctx, sys::make_file(roots.ctx.root, name, 0444), "make the target", name);
  }
  const int tree = must(roots.ctx, clone_mount(roots.ctx, entry, "", Extent::Tree, roots.attributes), "clone", name);
  sys::close(entry);
  attach(roots.ctx, tree, {roots.ctx.root, name, false});
}

}  // namespace

void apply(Context& ctx, const wire::Root& op, std::uint16_t) {
  const char* source = ctx.text(op.source);
  ctx.subject = {"root", ctx.text(op.path), source};
  const int from = must(ctx, open_source(ctx, source), "open the source");
  const int listing = must(ctx, sys::openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "list the source");
  Roots roots = {ctx, from, op.attr.get()};
  for_each_entry(ctx, listing, &roots, bind_entry);
  sys::close(listing);
  sys::close(from);
}

}  // namespace initrt
