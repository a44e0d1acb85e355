// One id is mapped, the caller's own, to itself or to the number that the profile names: that needs no privilege (user_namespaces(7)). setgroups is denied
// first, without which an unprivileged gid_map is refused.
#include "initrt/identity.h"

#include "initrt/descriptors.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr unsigned kOverflowId = 65534;  // /proc/sys/kernel/overflowuid, its default and in practice its only value

void write_file(const Context& ctx, const char* path, const char* text, const char* hint) {
  const Result opened = sys::openat(kHere, path, O_WRONLY | O_CLOEXEC);
  const int fd = must(ctx, opened, "open", path, opened.error() == ENOENT ? "/proc must be mounted" : hint);
  must(ctx, sys::write(fd, text, length(text)), "write", path, hint);
  close_soon(fd);
}

unsigned id_inside(std::uint32_t kind, std::uint32_t fixed, unsigned outside) {
  if (kind == wire::kIdFixed) return fixed;
  return kind == wire::kIdOverflow ? kOverflowId : outside;
}

void map_id(const Context& ctx, const char* path, unsigned inside, unsigned outside) {
  char line[48];
  append(append_number(append(append_number(line, inside), " "), outside), " 1\n");
  // Linux 5.12, user_namespaces(7): root's own number takes CAP_SETFCAP, which a program that is root inside a sandbox has not.
  write_file(ctx, path, line,
             outside == 0 ? "root without CAP_SETFCAP cannot map itself: inside another sandbox, run as another user there"
                          : "AppArmor or the container around this may forbid user namespaces");
}

}  // namespace

void map_ids(const Context& ctx) {
  const wire::Image& image = ctx.image();
  map_id(ctx, "/proc/self/uid_map", id_inside(image.uid_kind.get(), image.uid.get(), ctx.uid), ctx.uid);
  write_file(ctx, "/proc/self/setgroups", "deny", nullptr);
  map_id(ctx, "/proc/self/gid_map", id_inside(image.gid_kind.get(), image.gid.get(), ctx.gid), ctx.gid);
}

void limit_nested_namespaces(Context& ctx) {
  if (ctx.flag(wire::kNested)) return;
  constexpr const char* kLimit = "/proc/sys/user/max_user_namespaces";
  // Read through the host's proc, the file is the limit of *our* user namespace; after this nobody inside makes another, and nobody inside can raise it again (KERNEL E 34).
  const Result fd = traced(ctx, sys::openat(kHere, kLimit, O_WRONLY | O_CLOEXEC), "open", kLimit);
  const Result written = fd.failed() ? fd : traced(ctx, sys::write(fd.value(), "0", 1), "write", kLimit);
  if (!fd.failed()) close_soon(fd.value());
  if (!written.failed()) return;
  ctx.missing |= kMissingNestedLimit;
  if (!ctx.flag(wire::kFilterDeniesNs) && !ctx.flag(wire::kWeakenNested))
    die_cannot(ctx, "limit nested user namespaces", kLimit, written.error(),
               "it cannot be written here, and the filter does not deny namespaces: use the preset `deny-ns`, or accept it: `weaken = [\"nested-limit\"]`");
}

void set_hostname(const Context& ctx) {
  const char* name = ctx.plan.str(ctx.image().hostname);
  must(ctx, sys::sethostname(name, length(name)), "set the host name", name);
}

void bring_loopback_up(const Context& ctx) {
  if (!ctx.flag(wire::kLoopback)) return;
  const int socket = must(ctx, sys::socket(kUnixSocket, kDatagram | kSocketCloexec, 0), "open a socket");
  InterfaceRequest request = {{'l', 'o'}, kInterfaceUpRunning, {}};
  must(ctx, sys::ioctl(socket, kSetInterfaceFlags, &request), "bring the loopback interface up");
  close_soon(socket);
}

}  // namespace initrt
