// One loop around rt_sigtimedwait: every signal is blocked, so there are no handlers, and PID 1 loses none for want of one (KERNEL H 50).
//
// Signals of the supervisor are told from all others by a mark in the page that both share. What a signal itself says of its sender is not enough: of two of a kind that wait the
// kernel keeps the first, and it forgets the sender where the user's queue is full (RLIMIT_SIGPENDING). The program can bring about both.
#include "initrt/reap.h"

#include "initrt/channel.h"
#include "initrt/report.h"
#include "initrt/sys.h"
#include "initrt/terminal.h"

namespace initrt {
namespace {

constexpr std::uint64_t kNever = ~std::uint64_t{0};
constexpr std::uint64_t kDaemonGrace = 1000;  // milliseconds between SIGTERM and SIGKILL
constexpr int kKilled = 128 + kSigKill;

struct Watch {
  int program;
  bool running = true;
  int status = 0;                  // of the sandbox, once the program has ended
  std::uint64_t timeout = kNever;  // `process.timeout`, while the program runs
  std::uint64_t cancel = kNever;   // a cancelled program has until then
  std::uint64_t linger = kNever;   // after the program: until when others may live
  std::uint64_t daemons = kNever;  // after the program: when its daemons are killed
};

std::uint64_t earliest(std::uint64_t a, std::uint64_t b) { return a < b ? a : b; }

/// From here on init waits, signals and ends, and can do nothing else even if it were taken over.
void confine_self(const Context& ctx) {
  const wire::List& filter = ctx.image().init_filter;
  if (filter.count.get() == 0) return;
  must(ctx, sys::seccomp_filter(ctx.plan.data() + filter.off.get(), static_cast<unsigned short>(filter.count.get())), "install init's own filter");
}

void signal_daemons(const Context& ctx, int signal) {
  for (unsigned i = 0; i < ctx.daemon_count; ++i)
    if (ctx.daemons[i] != 0) (void)traced(ctx, sys::kill(ctx.daemons[i], signal), "end a daemon");
}

/// A number that was reaped can be somebody else's soon.
void forget_daemon(Context& ctx, int pid) {
  for (unsigned i = 0; i < ctx.daemon_count; ++i)
    if (ctx.daemons[i] == pid) ctx.daemons[i] = 0;
}

void on_program_end(const Context& ctx, Watch& watch, int status) {
  tell(ctx, News::Ended, status);
  watch.running = false;
  watch.status = (status & 0x7f) != 0 ? 128 + (status & 0x7f) : (status >> 8) & 0xff;
}

/// The program has ended and left others behind.
void begin_linger(const Context& ctx, Watch& watch) {
  const std::uint64_t now = sys::monotonic_ms();
  watch.linger = now + ctx.image().linger_ms.get();
  if (ctx.daemon_count == 0) return;
  signal_daemons(ctx, kSigTerm);
  watch.daemons = now + kDaemonGrace;
  if (watch.linger < watch.daemons) watch.linger = watch.daemons;  // their grace is theirs even where nothing else may linger
}

/// An init that cannot wait cannot look after anything; and SIGCHLD comes once, so to wait for it again would be to wait for ever.
bool give_up(Watch& watch) {
  watch.status = kExitLaunch;
  return false;
}

/// Takes every child that has something to say. False when there is no child left, or none can be taken.
bool reap(Context& ctx, Watch& watch) {
  const int job_control = ctx.terminal >= 0 ? WUNTRACED : 0;
  for (;;) {
    int status = 0;
    const Result child = traced(ctx, sys::wait4(-1, &status, WNOHANG | __WALL | job_control), "wait for a child");
    if (child.error() == ECHILD) return false;
    if (child.failed()) return give_up(watch);
    if (child.value() == 0) return true;
    const bool stopped = (status & 0xff) == 0x7f;
    if (!stopped) forget_daemon(ctx, child.value());
    if (child.value() != watch.program) continue;
    if (stopped) {
      // The launcher has to stop as well, so that the shell sees its job stop.
      tell(ctx, News::Stopped, 0);
    } else {
      on_program_end(ctx, watch, status);
    }
  }
}

/// Whom a stop is for: in a kept session, as from a terminal, the program's whole group.
int addressee(const Context& ctx, const Watch& watch) { return ctx.flag(wire::kNewSession) ? watch.program : -watch.program; }

void stop_program(const Context& ctx, const Watch& watch) {
  // In a session of its own the group is orphaned, and the kernel drops SIGTSTP there (setpgid(2)): what cannot be dropped is sent instead.
  const int signal = ctx.flag(wire::kNewSession) ? kSigStop : kSigTstp;
  (void)traced(ctx, sys::kill(addressee(ctx, watch), signal), "stop the program");
}

void continue_program(const Context& ctx, const Watch& watch, bool foreground) {
  if (foreground) give_terminal(ctx, watch.program);
  (void)traced(ctx, sys::kill(addressee(ctx, watch), kSigCont), "continue the program");
}

void hand_on(const Context& ctx, const Watch& watch, int signal) { (void)traced(ctx, sys::kill(watch.program, signal), "hand on a signal"); }

/// SIGUSR2 with `on-cancel = "interrupt"`.
void cancel(const Context& ctx, Watch& watch) {
  hand_on(ctx, watch, kSigInt);
  watch.cancel = earliest(watch.cancel, sys::monotonic_ms() + ctx.image().cancel_wait_ms.get());
}

/// Whether the supervisor has sent `signal` since it was last taken.
bool take_mark(const Context& ctx, int signal) { return (__atomic_fetch_and(&ctx.shared->handed_on, ~signal_bit(signal), __ATOMIC_ACQ_REL) & signal_bit(signal)) != 0; }

void on_signal(const Context& ctx, Watch& watch, int signal) {
  if (!take_mark(ctx, signal) || !watch.running) return;
  switch (signal) {
    case kSigTstp: return stop_program(ctx, watch);
    case kSigCont: return continue_program(ctx, watch, ctx.shared->foreground);
    case kSigUsr2:
      if (ctx.image().cancel_kind.get() == wire::kCancelInterrupt) return cancel(ctx, watch);
      return hand_on(ctx, watch, kSigUsr2);
    default: return hand_on(ctx, watch, signal);
  }
}

/// Acts on what is due. False: the sandbox is over.
bool act_on_time(const Context& ctx, Watch& watch, std::uint64_t now) {
  if (watch.running && now >= watch.timeout) {
    tell(ctx, News::Ended, kTimedOut);
    watch.status = kExitTimeout;
    return false;
  }
  if (watch.running && now >= watch.cancel) {
    watch.status = kKilled;
    return false;
  }
  if (now >= watch.daemons) {
    signal_daemons(ctx, kSigKill);
    watch.daemons = kNever;
  }
  return now < watch.linger;
}

std::uint64_t next_deadline(const Watch& watch) { return watch.running ? earliest(watch.timeout, watch.cancel) : earliest(watch.linger, watch.daemons); }

/// Sleeps until a signal or the next deadline. False: the sandbox is over.
bool sleep(const Context& ctx, Watch& watch) {
  const std::uint64_t deadline = next_deadline(watch);
  long wait_ms = -1;
  if (deadline != kNever) {
    const std::uint64_t now = sys::monotonic_ms();
    if (now >= deadline) return act_on_time(ctx, watch, now);
    wait_ms = static_cast<long>(deadline - now);
  }
  const Result signal = sys::wait_signal(kAllSignals, wait_ms);
  if (signal.failed() && signal.error() != EAGAIN) {
    return give_up(watch);
  }
  if (!signal.failed() && signal.value() != kSigChld) on_signal(ctx, watch, signal.value());
  return true;
}

}  // namespace

void look_after(Context& ctx, int program) {
  confine_self(ctx);
  Watch watch = {program};
  if (ctx.image().timeout_ms.get() != 0) watch.timeout = sys::monotonic_ms() + ctx.image().timeout_ms.get();
  // Even a program that has ended by now is first a SIGCHLD that waits.
  while (sleep(ctx, watch) && reap(ctx, watch))
    if (!watch.running && watch.linger == kNever) begin_linger(ctx, watch);
  // The end of PID 1 is the end of every process here; the kernel waits for them (pid_namespaces(7)).
  sys::exit(watch.status);
}

}  // namespace initrt
