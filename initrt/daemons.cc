// Readiness is a path that appears, as the programs that people use as daemons have it. Looked for again and again, with a wait for SIGCHLD in between, so that an early end is seen at
// once; the pause grows from one millisecond to sixteen.
#include "initrt/daemons.h"

#include "initrt/report.h"
#include "initrt/spawn.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr SignalSet kChildSignal = 1ul << (kSigChld - 1);
constexpr long kLongestPause = 16;

bool exists(const Context& ctx, const char* path) {
  Stat info;
  const Result looked = sys::fstatat(kHere, path, &info, AT_SYMLINK_NOFOLLOW);
  if (!looked.failed()) return true;
  if (looked.error() != ENOENT && looked.error() != ENOTDIR) die_cannot(ctx, "look for the path that says it is ready", path, looked.error());
  return false;
}

[[noreturn]] void report_end(const Context& ctx, int status) {
  char how[48];
  const bool signalled = (status & 0x7f) != 0;
  append_number(append(how, signalled ? "signal " : "exit status "), static_cast<unsigned long>(signalled ? status & 0x7f : (status >> 8) & 0xff));
  die(ctx, "it ended before it was ready:", how);
}

/// Reaps what has ended; the daemon among it is an error. What it forked before and left behind is not.
void judge_children(const Context& ctx, int daemon) {
  for (;;) {
    int status = 0;
    const Result child = sys::wait4(-1, &status, WNOHANG | __WALL);
    if (child.failed() || child.value() == 0) return;
    if (child.value() == daemon) report_end(ctx, status);
  }
}

void wait_until_ready(const Context& ctx, const wire::Daemon& daemon, int pid) {
  const char* ready = ctx.text(daemon.ready);
  const std::uint64_t deadline = sys::monotonic_ms() + daemon.timeout_ms.get();
  for (long pause = 1; !exists(ctx, ready); pause = pause < kLongestPause ? pause * 2 : pause) {
    judge_children(ctx, pid);
    if (sys::monotonic_ms() >= deadline) die(ctx, "it was not ready in time: there is still no", ready, 0, "`timeout` says how long it may take");
    const Result signal = sys::wait_signal(kChildSignal, pause);
    if (signal.failed() && signal.error() != EAGAIN) die_cannot(ctx, "wait for it", nullptr, signal.error());
  }
}

}  // namespace

void start_daemons(Context& ctx) {
  for (const wire::Daemon& daemon : ctx.plan.list<wire::Daemon>(ctx.image().daemons)) {
    ctx.origin = daemon.exec.origin;
    ctx.has_origin = true;
    ctx.subject = {"daemon", ctx.text(daemon.exec.path), nullptr};
    if (ctx.daemon_count == kMaxDaemons) die(ctx, "too many daemons", nullptr, 0, "a profile may have 64");
    if (exists(ctx, ctx.text(daemon.ready))) die(ctx, "what says that it is ready exists beforehand:", ctx.text(daemon.ready));
    const int pid = spawn_daemon(ctx, daemon.exec);
    ctx.daemons[ctx.daemon_count++] = pid;
    ctx.has_origin = true;
    wait_until_ready(ctx, daemon, pid);
  }
  ctx.subject = {};
  ctx.has_origin = false;
}

}  // namespace initrt
