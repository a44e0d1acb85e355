// Process group numbers differ inside and outside, so each side only ever names its own groups: the supervisor its own, init the program's.
// SIGTTOU is blocked on both sides, so a background process may change the foreground (tcsetpgrp(3)).
#include "initrt/terminal.h"

#include "initrt/report.h"
#include "initrt/sys.h"

namespace initrt {
namespace {

/// The foreground group of the terminal behind `fd`, or -1 when it is not our controlling terminal.
int foreground_group(int fd) {
  int group = 0;
  return sys::ioctl(fd, TIOCGPGRP, &group).failed() ? -1 : group;
}

void set_foreground(const Context& ctx, int group) {
  // It can fail where the terminal was hung up meanwhile; then there is nobody to hand it to.
  (void)traced(ctx, sys::ioctl(ctx.terminal, TIOCSPGRP, &group), "set the terminal's foreground");
}

}  // namespace

bool find_terminal(Context& ctx) {
  for (int fd = 0; fd <= 2; ++fd) {
    const int group = foreground_group(fd);
    if (group < 0) continue;
    ctx.terminal = fd;
    ctx.foreground = group == sys::getpgid(0);
    return true;
  }
  return false;
}

bool in_foreground(const Context& ctx) { return ctx.terminal >= 0 && foreground_group(ctx.terminal) == sys::getpgid(0); }

void take_terminal_back(Context& ctx) {
  if (ctx.terminal < 0 || !ctx.foreground) return;
  ctx.foreground = false;
  set_foreground(ctx, sys::getpgid(0));
}

void give_terminal(const Context& ctx, int group) {
  if (ctx.terminal >= 0) set_foreground(ctx, group);
}

}  // namespace initrt
