// CLONE_INTO_CGROUP (Linux 5.7): init is born in the cgroup, so there is no moment in which it, or anything that it starts, is elsewhere.
//
// The same call makes the namespaces, so why it failed is told by the error: the kernel answers each of those below for cgroups alone, and EPERM and ENOSPC for
// namespaces alone.
#include "initrt/cgroup.h"

#include "initrt/paths.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// Why the kernel does not start a process in a cgroup, cgroups(7) and clone(2); nullptr for what says nothing about the cgroup.
const char* cgroup_hint(int error) {
  switch (error) {
    case EACCES:
      return "it is not delegated to you: cgroup.procs has to be writable there and in the nearest directory above it and the cgroup that the "
             "launcher is started in (`systemd-run --user --scope -p Delegate=yes`)";
    case EAGAIN: return "its `pids.max`, or the caller's limit of processes, is reached";
    case EBADF: return "it is no cgroup v2 directory";
    case EBUSY: return "it hands its controllers on (cgroup.subtree_control), and then holds no process itself: name a leaf below it";
    case ENODEV: return "it has been removed";
    case ENOENT: return "it lies outside of the cgroup namespace that the launcher is started in";
    case EOPNOTSUPP: return "its cgroup.type is `domain invalid`: it lies beside or below a threaded one";
    default: return nullptr;
  }
}

int open_cgroup(Context& ctx, char (&number)[24]) {
  const char* path = ctx.text(ctx.image().cgroup_path);
  if (ctx.image().cgroup_fd.get() == wire::kNoDescriptor) {
    ctx.subject = {"cgroup", path, nullptr};
    return must(ctx, open_source(ctx, path), "open the directory", nullptr, "make it first, below a directory that is delegated to you");
  }
  const int fd = static_cast<int>(ctx.image().cgroup_fd.get());
  append_number(number, static_cast<unsigned long>(fd));
  ctx.subject = {"cgroup of descriptor", number, nullptr};
  must(ctx, sys::fcntl(fd, F_GETFD, 0), "use it", nullptr, "the launcher's caller has to leave it open");
  return fd;
}

}  // namespace

bool has_cgroup(const Context& ctx) { return ctx.image().cgroup_fd.get() != wire::kNoDescriptor || *ctx.text(ctx.image().cgroup_path) != 0; }

Result clone_into_cgroup(Context& ctx, unsigned long flags) {
  char number[24];
  ctx.origin = ctx.image().cgroup_origin;
  ctx.has_origin = true;
  const int cgroup = open_cgroup(ctx, number);
  // The cgroup namespace comes later, in init, so that its root is this directory.
  const Result child = sys::clone_into(flags & ~static_cast<unsigned long>(CLONE_NEWCGROUP), cgroup);
  const char* hint = cgroup_hint(child.error());
  if (hint != nullptr) die_cannot(ctx, "start init in it", nullptr, child.error(), hint);
  ctx.has_origin = false;
  ctx.subject = {};
  sys::close(cgroup);
  return child;
}

void enter_cgroup_namespace(const Context& ctx) {
  if (has_cgroup(ctx)) must(ctx, sys::unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
}

}  // namespace initrt
