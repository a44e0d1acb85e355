// The child shares init's memory until it executes (CLONE_VM | CLONE_VFORK): no page tables are copied, and its failure is a plain variable here. Between clone and
// execve it does nothing but system calls, installs the filter last, and prints nothing: by then writing may be forbidden to it. Init reports.
#include "initrt/spawn.h"

#include "initrt/channel.h"
#include "initrt/descriptors.h"
#include "initrt/environment.h"
#include "initrt/exec_error.h"
#include "initrt/privileges.h"
#include "initrt/report.h"
#include "initrt/terminal.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr std::size_t kChildStack = 8192;
constexpr const char* kEnterDirectory = "enter the working directory";

/// What the child is given, and what it leaves behind where it fails.
struct Child {
  const Context& ctx;
  bool daemon;
  const char* path;
  const char* const* argv;
  const char* const* envp;
  const char* failed_step = nullptr;
  int error = 0;
};

bool passed(Child& child, Result result, const char* step) {
  if (!result.failed()) return true;
  child.failed_step = step;
  child.error = result.error();
  return false;
}

bool use_null_input(Child& child) {
  const Result fd = sys::openat(kHere, "/dev/null", O_RDONLY | O_CLOEXEC);
  return passed(child, fd, "open /dev/null for standard input") && passed(child, sys::dup3(fd.value(), 0, 0), "set standard input");
}

/// A kept session: a group of its own, so that kill(0) stays inside, and for the program the terminal with it.
bool enter_group(Child& child) {
  if (!passed(child, sys::setpgid(0, 0), "make a process group")) return false;
  if (child.ctx.foreground && !child.daemon) give_terminal(child.ctx, sys::getpid());
  return true;
}

bool set_descriptors(Child& child) {
  const Context& ctx = child.ctx;
  if ((child.daemon || ctx.flag(wire::kStdinNull)) && !use_null_input(child)) return false;
  if (child.daemon) return passed(child, sys::dup3(2, 1, 0), "send standard output to standard error");
  return passed(child, hand_over_descriptors(ctx), "pass descriptors on");
}

bool set_limits(Child& child) {
  const Context& ctx = child.ctx;
  for (const wire::ResourceLimit& limit : ctx.plan.list<wire::ResourceLimit>(ctx.image().limits))
    if (!passed(child, sys::set_limit(limit.resource.get(), limit.value.get()), "set a limit")) return false;
  return true;
}

/// The last steps: from here on the child has the program's rights and no others.
bool confine(Child& child) {
  const Context& ctx = child.ctx;
  if (!passed(child, raise_ambient(ctx), "keep a capability")) return false;
  if (ctx.rules >= 0 && !passed(child, sys::landlock_restrict(ctx.rules), "enter the Landlock rules")) return false;
  const wire::List& filter = ctx.image().filter;
  if (!ctx.flag(wire::kHasFilter)) return true;
  return passed(child, sys::seccomp_filter(ctx.plan.data() + filter.off.get(), static_cast<unsigned short>(filter.count.get())), "install the filter");
}

bool prepare(Child& child) {
  const Context& ctx = child.ctx;
  if (!child.daemon) tell(ctx, News::Child, 0);
  if (!ctx.flag(wire::kNewSession) && !enter_group(child)) return false;
  // Init is at `/`, where a daemon stays.
  if (!child.daemon && !equal(ctx.text(ctx.image().cwd), "/") && !passed(child, sys::chdir(ctx.text(ctx.image().cwd)), kEnterDirectory)) return false;
  if (!set_descriptors(child)) return false;
  sys::umask(ctx.caller_umask);
  if (!passed(child, sys::set_signal_mask(0), "unblock signals")) return false;
  return set_limits(child) && confine(child);
}

void run_child(void* argument) {
  Child& child = *static_cast<Child*>(argument);
  if (prepare(child)) {
    if (!child.daemon) child.ctx.shared->started = true;
    child.error = sys::execve(child.path, child.argv, child.envp).error();
  }
  sys::exit(kExitLaunch);
}

[[noreturn]] void report_child(Context& ctx, const Child& child) {
  if (child.failed_step == nullptr) {
    if (child.daemon) die_cannot(ctx, "execute it", nullptr, child.error);
    report_exec_error(ctx, child.path, child.error);
  }
  const bool cwd = equal(child.failed_step, kEnterDirectory);
  if (cwd) ctx.origin = ctx.image().cwd_origin;
  const bool limit = equal(child.failed_step, "set a limit") && child.error == EPERM;
  die_cannot(ctx, child.failed_step, cwd ? ctx.text(ctx.image().cwd) : nullptr, child.error, limit ? "a limit cannot be raised above the caller's hard limit" : nullptr);
}

int spawn(Context& ctx, const wire::Exec& exec, bool daemon) {
  ctx.origin = exec.origin;
  ctx.has_origin = true;
  const Counts counts = count_strings(ctx, exec);
  const char** argv = static_cast<const char**>(__builtin_alloca((counts.arguments + 1) * sizeof(char*)));
  const char** envp = static_cast<const char**>(__builtin_alloca((counts.variables + 1) * sizeof(char*)));
  fill_arguments(ctx, exec, !daemon && ctx.flag(wire::kPassArgs), argv);
  fill_environment(ctx, envp);

  Child child = {ctx, daemon, ctx.text(exec.path), argv, envp};
  alignas(16) unsigned char stack[kChildStack];
  const int pid = must(ctx, sys::spawn(stack + sizeof stack, run_child, &child), "start it");
  if (child.error != 0) report_child(ctx, child);
  ctx.has_origin = false;
  return pid;
}

}  // namespace

int spawn_program(Context& ctx) {
  const int pid = spawn(ctx, ctx.image().program, false);
  tell(ctx, News::Running, ctx.missing);
  return pid;
}

int spawn_daemon(Context& ctx, const wire::Exec& exec) { return spawn(ctx, exec, true); }

}  // namespace initrt
