// A directory descriptor leads out of the sandbox (KERNEL A 3): it is refused unless the profile says that it is one. So is one opened with O_PATH.
#include "initrt/descriptors.h"

#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr int kFew = 40;  // far below any limit of open files, and within the kernel's first table of 64

/// Calls `see(fd, may_be_directory)` for every descriptor that is passed on.
template <class See>
void each_passed(const Context& ctx, See see) {
  for (const wire::le32& fd : ctx.plan.list<wire::le32>(ctx.image().pass_fds)) see(static_cast<int>(fd.get()), false);
  for (const wire::le32& fd : ctx.plan.list<wire::le32>(ctx.image().pass_dir_fds)) see(static_cast<int>(fd.get()), true);
}

void check_open(const Context& ctx, int fd, const char* whose) {
  char number[24];
  append_number(number, static_cast<unsigned long>(fd));
  if (sys::fcntl(fd, F_GETFD, 0).failed()) die(ctx, whose, number, EBADF, "the launcher's caller has to leave it open");
}

void check_no_way_out(const Context& ctx, int fd) {
  char number[24];
  append_number(number, static_cast<unsigned long>(fd));
  Stat info;
  must(ctx, sys::fstatat(fd, "", &info, AT_EMPTY_PATH), "look at descriptor", number);
  const int mode = must(ctx, sys::fcntl(fd, F_GETFL, 0), "look at descriptor", number);
  if ((info.st_mode & kFileType) == kDirectory || (mode & O_PATH) != 0)
    die(ctx, "this descriptor leads out of the view:", number, 0, "a directory or O_PATH descriptor; if that is meant, list it in `pass-dir-fds`");
}

}  // namespace

void check_passed_descriptors(const Context& ctx) {
  each_passed(ctx, [&](int fd, bool may_be_directory) {
    check_open(ctx, fd, "a descriptor to pass on is not open:");
    if (!may_be_directory) check_no_way_out(ctx, fd);
  });
  if (ctx.image().status_fd.get() != wire::kNoDescriptor) check_open(ctx, static_cast<int>(ctx.image().status_fd.get()), "the status descriptor is not open:");
}

void keep(Context& ctx, int fd) {
  if (ctx.kept_count == kMaxKept) die(ctx, "too many descriptors to keep", nullptr, 0, "writable overlays and passed descriptors together may be 256");
  ctx.kept[ctx.kept_count++] = fd;
}

void keep_passed_descriptors(Context& ctx) {
  each_passed(ctx, [&](int fd, bool) {
    must(ctx, sys::fcntl(fd, F_SETFD, FD_CLOEXEC), "close a passed descriptor on exec");
    keep(ctx, fd);
  });
}

void close_all_but_kept(const Context& ctx) {
  unsigned from = 3;
  for (;;) {
    unsigned next = ~0u;
    for (unsigned i = 0; i < ctx.kept_count; ++i)
      if (static_cast<unsigned>(ctx.kept[i]) >= from && static_cast<unsigned>(ctx.kept[i]) < next) next = static_cast<unsigned>(ctx.kept[i]);
    if (next != from) must(ctx, sys::close_range(from, next == ~0u ? next : next - 1), "close descriptors");
    if (next == ~0u) return;
    from = next + 1;
  }
}

void close_soon(int fd) {
  if (fd >= kFew) sys::close(fd);
}

Result hand_over_descriptors(const Context& ctx) {
  Result result = {0};
  each_passed(ctx, [&](int fd, bool) {
    if (!result.failed()) result = sys::fcntl(fd, F_SETFD, 0);
  });
  return result;
}

void let_passed_descriptors_go(Context& ctx) {
  each_passed(ctx, [&](int fd, bool) { sys::close(fd); });
}

}  // namespace initrt
