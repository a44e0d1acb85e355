// CLONE_INTO_CGROUP (Linux 5.7): init is born in the cgroup, so there is no moment in which it, or anything that it starts, is elsewhere.
#include "initrt/cgroup.h"

#include "initrt/report.h"

namespace initrt {
bool has_cgroup(const Context& ctx) { return ctx.image().cgroup_fd.get() != wire::kNoDescriptor || *ctx.text(ctx.image().cgroup_path) != 0; }

int open_cgroup(const Context& ctx) {
  if (!has_cgroup(ctx)) return -1;
  if (ctx.image().cgroup_fd.get() != wire::kNoDescriptor) return static_cast<int>(ctx.image().cgroup_fd.get());
  const char* path = ctx.text(ctx.image().cgroup_path);
  return must(ctx, sys::openat(kHere, path, O_PATH | O_DIRECTORY | O_CLOEXEC), "open the cgroup", path, "make it first, below a directory that is delegated to you");
}

void enter_cgroup_namespace(const Context& ctx) {
  if (has_cgroup(ctx)) must(ctx, sys::unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
}

}  // namespace initrt
