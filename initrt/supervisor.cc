// The supervisor: everything that has to happen outside. It holds no privilege that its caller has not, parses nothing, and does three
// things: start init, hand on signals, pass the exit status on.
//
// All signals are blocked from the start and taken one by one with rt_sigtimedwait, so there are no handlers and no races with them.
// A signal goes to init, which knows the program, with a mark in the page that both share: so init tells it from what the program sends.
#include "initrt/supervisor.h"

#include "initrt/cgroup.h"
#include "initrt/channel.h"
#include "initrt/descriptors.h"
#include "initrt/report.h"
#include "initrt/signals.h"
#include "initrt/status.h"
#include "initrt/sys.h"
#include "initrt/terminal.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// With `die-with-caller`: SIGKILL when the caller's thread that started us ends. Armed first, then the parent is looked at again, because
/// a parent that died in between sends nothing (KERNEL H 51).
void tie_to_caller(const Context& ctx) {
  const int caller = sys::getppid();
  must(ctx, sys::prctl(PR_SET_PDEATHSIG, kSigKill), "ask for the caller's death signal");
  if (sys::getppid() != caller) sys::exit(128 + kSigKill);
}

/// Why the namespaces were refused, as far as that can be told from here.
const char* namespace_hint(int error) {
  // clone(2) itself says neither.
  char value[16] = {};
  const Result fd = sys::openat(kHere, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", O_RDONLY | O_CLOEXEC);
  if (!fd.failed()) {
    const bool restricted = sys::read(fd.value(), value, sizeof value - 1).raw > 0 && value[0] == '1';
    sys::close(fd.value());
    if (restricted) return "AppArmor restricts user namespaces here: load a profile that allows this launcher `userns,`";
  }
  if (error == ENOSPC) return "the limit of namespaces is reached or 0: raise the sysctls `user.max_*_namespaces`; inside a sandbox they are often forbidden";
  if (error == EPERM) return "user namespaces are forbidden here: by the sysctl `kernel.unprivileged_userns_clone`, a chroot(2), or the filter of a container";
  if (error == EINVAL) return "this kernel lacks a kind of namespace";
  return nullptr;
}

/// Started by root, with `run-as`: everything from here on is that user's.
void become_user(Context& ctx) {
  must(ctx, sys::setgid(ctx.image().run_gid.get()), "become the group of `run-as`");
  must(ctx, sys::setuid(ctx.image().run_uid.get()), "become the user of `run-as`");
  // A process that changed its ids is undumpable, and could not write its own id maps.
  must(ctx, sys::prctl(PR_SET_DUMPABLE, 1), "stay dumpable until the ids are mapped");
  ctx.uid = ctx.image().run_uid.get();
  ctx.gid = ctx.image().run_gid.get();
}

/// Supplementary groups and, with `run-as`, ids. Only root may drop groups; an ordinary user's stay, and the kernel alone decides what they open.
void give_up_identity(Context& ctx) {
  const bool root = ctx.uid == 0;
  const bool dropped = root && !traced(ctx, sys::setgroups_none(), "drop supplementary groups").failed();
  if (!dropped && sys::count_groups() != 0) ctx.missing |= kMissingGroups;
  if (root && ctx.flag(wire::kRunAs)) become_user(ctx);
  if (ctx.uid == 0) ctx.missing |= kMissingRootSplit;
}

struct Outside {
  int channel = -1;  // our end, or -1
  Status status;
  bool cancelled = false;  // we killed the sandbox ourselves
};

/// Six namespaces are no plan's choice: what a forged plan could leave out of them would be mounted on the host.
Result clone_init(Context& ctx) {
  constexpr unsigned long kAlways = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
  const unsigned long flags = kAlways | (ctx.flag(wire::kNewNetwork) ? CLONE_NEWNET : 0ul) | kSigChld;
  return has_cgroup(ctx) ? clone_into_cgroup(ctx, flags) : sys::clone(flags);
}

int start_init(Context& ctx, void (*init)(Context&)) {
  const Result page = traced(ctx, sys::share_page(), "share a page with init");
  if (page.failed()) die_cannot(ctx, "share a page with init", nullptr, page.error());
  ctx.shared = reinterpret_cast<Shared*>(page.raw);
  if (ctx.flag(wire::kDieWithSupervisor)) ctx.supervisor = must(ctx, sys::pidfd_open(sys::getpid()), "open a descriptor of the supervisor");
  const Result child = traced(ctx, clone_init(ctx), "start init in new namespaces");
  if (child.failed()) die_cannot(ctx, "start init in new namespaces", nullptr, child.error(), namespace_hint(child.error()));
  if (child.value() == 0) {
    ctx.inside = true;
    init(ctx);
    sys::exit(kExitLaunch);
  }
  return child.value();
}

/// The launcher stops as a job: the shell sees it, and the terminal is its again. Returns when continued.
void stop_self(Context& ctx) {
  take_terminal_back(ctx);
  (void)traced(ctx, sys::kill(sys::getpid(), kSigStop), "stop the launcher");
}

/// SIGIO: init has news.
void on_news(Context& ctx, Outside& outside) {
  Message message;
  int sender = 0;
  bool stopped = false;
  while (next_message(outside.channel, message, sender)) {
    switch (message.news) {
      case News::Child: outside.status.program = sender; break;
      case News::Running:
        outside.status.running = true;
        report_started(ctx, outside.status, message.value);
        break;
      case News::Stopped: stopped = true; break;
      case News::Ended:
        outside.status.ended = true;
        outside.status.ended_as = message.value;
        break;
    }
  }
  if (stopped && ctx.terminal >= 0) stop_self(ctx);
}

void hand_on(const Context& ctx, const Outside& outside, int signal) {
  __atomic_fetch_or(&ctx.shared->handed_on, signal_bit(signal), __ATOMIC_ACQ_REL);
  (void)traced(ctx, sys::kill(outside.status.init, signal), "hand on a signal");
}

void on_signal(Context& ctx, Outside& outside, int signal) {
  switch (signal) {
    case kSigTstp: hand_on(ctx, outside, kSigTstp); return stop_self(ctx);
    case kSigCont:
      // Whether the program gets the terminal is for the shell's choice of foreground to say, which only this side can see.
      ctx.foreground = in_foreground(ctx);
      ctx.shared->foreground = ctx.foreground;
      return hand_on(ctx, outside, kSigCont);
    case kSigUsr2:
      if (ctx.image().cancel_kind.get() != wire::kCancelKill) return hand_on(ctx, outside, kSigUsr2);
      outside.cancelled = true;
      (void)traced(ctx, sys::kill(outside.status.init, kSigKill), "kill the sandbox");
      return;
    case kSigTerm:
    case kSigQuit:
    case kSigHup:
    case kSigInt:
    case kSigUsr1:
    case kSigWinch: return hand_on(ctx, outside, signal);
    case kSigIo:
      if (outside.channel >= 0) on_news(ctx, outside);
      return;
    default: return;
  }
}

/// True when init has ended; `status` is then as wait4(2) gives it.
bool reap_init(const Context& ctx, int init, int& status) {
  const Result result = traced(ctx, sys::wait4(init, &status, WNOHANG | __WALL), "wait for init");
  if (result.failed()) die_cannot(ctx, "wait for init", nullptr, result.error());
  return result.value() != 0;
}

/// The launcher's exit status. An init that was killed before it came to the program could not say so itself.
int judge_end(const Context& ctx, const Outside& outside, int status) {
  const int signal = status & 0x7f;
  if (signal == 0) return (status >> 8) & 0xff;
  if (outside.cancelled || ctx.shared->started) return 128 + signal;
  char number[24];
  append_number(number, static_cast<unsigned long>(signal));
  report(ctx, "init was killed before the program ran, by signal", number);
  return kExitLaunch;
}

[[noreturn]] void wait_for_init(Context& ctx, Outside& outside) {
  int status = 0;
  // SIGCHLD was blocked before init was made, so its end is pending from whenever it came.
  do {
    const Result signal = sys::wait_signal(kAllSignals, -1);
    if (signal.failed()) die_cannot(ctx, "wait for a signal", nullptr, signal.error());
    if (signal.value() != kSigChld) on_signal(ctx, outside, signal.value());
  } while (!reap_init(ctx, outside.status.init, status));
  take_terminal_back(ctx);
  const int exit_status = judge_end(ctx, outside, status);
  if (outside.channel >= 0) {
    on_news(ctx, outside);
    report_exited(ctx, outside.status, exit_status);
  }
  sys::exit(exit_status);
}

}  // namespace

void supervise(Context& ctx, void (*init)(Context&)) {
  check_passed_descriptors(ctx);
  reset_signals(ctx);
  must(ctx, sys::set_signal_mask(kAllSignals), "block signals");
  if (ctx.flag(wire::kDieWithCaller)) tie_to_caller(ctx);
  give_up_identity(ctx);

  Outside outside;
  const bool terminal = !ctx.flag(wire::kNewSession) && find_terminal(ctx);
  if (terminal || ctx.image().status_fd.get() != wire::kNoDescriptor) outside.channel = make_channel(ctx);
  outside.status.init = start_init(ctx, init);
  if (ctx.channel >= 0) sys::close(ctx.channel);
  wait_for_init(ctx, outside);
}

}  // namespace initrt
