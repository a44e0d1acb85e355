// etc: the host's directory once, under TARGET/.host/PREFIX, and a link to each of its entries, so that single files of /etc can be replaced by later ops without the rest
// being copied. passwd and group are left out, because they would name users that do not exist inside; mtab is what the program's own mounts are.
#include "initrt/directory.h"
#include "initrt/mem.h"
#include "initrt/mounts.h"
#include "initrt/ops.h"
#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr const char* kLeftOut[] = {"passwd", "group", ".host", "mtab"};

bool is_left_out(const char* name) {
  for (const char* other : kLeftOut)
    if (equal(name, other)) return true;
  return false;
}

/// Both in `out`: "PATH/NAME".
void join(char* out, const char* path, const char* name) { append(append(append(out, path), "/"), name); }

struct Mirror {
  const Context& ctx;
  int directory;
  char to[kPathSize];  // ".host/PREFIX/"
  char* name;          // where an entry's name goes in it
};

}  // namespace

void apply(Context& ctx, const wire::Etc& op, std::uint16_t flags) {
  const char* target = ctx.text(op.path);
  const char* source = ctx.text(op.source);
  ctx.subject = {"etc", target, source};
  if (length(target) + op.prefix.len.get() + 64 > kPathSize) die(ctx, "the target's name is too long");

  const int from = must(ctx, open_source(ctx, source), "open the source");
  const int tree = must(ctx, clone_mount(ctx, from, "", Extent::Tree, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV), "clone the source");
  sys::close(from);

  const Place place = mount_target(ctx, target, {Kind::Directory, flags});
  const int directory = must(ctx, sys::openat(place.dir, *place.path == 0 ? "." : place.path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open the target");
  release(place);
  must_be_own(ctx, directory, target, flags);
  Mirror mirror = {ctx, directory, {}, nullptr};
  must(ctx, sys::mkdirat(directory, ".host", 0755), "make the directory", ".host");
  join(mirror.to, ".host", ctx.plan.str(op.prefix));
  must(ctx, sys::mkdirat(directory, mirror.to, 0755), "make the directory", mirror.to);
  attach(ctx, tree, {directory, mirror.to, false});
  must(ctx, sys::symlinkat("/proc/mounts", directory, "mtab"), "make the link", "mtab");

  const int listing = must(ctx, sys::openat(directory, mirror.to, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "list the source");
  mirror.name = append(mirror.to + length(mirror.to), "/");
  for_each_entry(ctx, listing, &mirror, [](void* context, const char* name) {
    Mirror& to = *static_cast<Mirror*>(context);
    if (is_left_out(name)) return;
    append(to.name, name);
    must(to.ctx, sys::symlinkat(to.to, to.directory, name), "make the link", name);
  });
  sys::close(listing);
  sys::close(directory);
}

}  // namespace initrt
