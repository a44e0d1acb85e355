// PID 1 of the sandbox: the list of its steps. Until the program is started every failure ends the launch with 125; afterwards init only looks after it.
//
// The order is the argument. no_new_privs comes first. Ids are mapped while init is still dumpable, because its own /proc/self/uid_map belongs to root
// afterwards; it is made undumpable before anything of the host is opened, so that no process of the same user inside can ever trace it or read its memory. The view is
// built with full capabilities of the new user namespace, over which the host's tree is still in reach; then the root changes and nothing of the host is left to be
// reached; then capabilities go; the filter comes last, in the child, just before execve.
#include "initrt/init.h"

#include "initrt/cgroup.h"
#include "initrt/daemons.h"
#include "initrt/descriptors.h"
#include "initrt/identity.h"
#include "initrt/landlock.h"
#include "initrt/mem.h"
#include "initrt/ops.h"
#include "initrt/privileges.h"
#include "initrt/reap.h"
#include "initrt/report.h"
#include "initrt/root.h"
#include "initrt/spawn.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// The kernel kills init when the supervisor ends; a supervisor that ended before this was armed shows in its pidfd (KERNEL H 51).
void tie_to_supervisor(Context& ctx) {
  if (!ctx.flag(wire::kDieWithSupervisor)) return;
  must(ctx, sys::prctl(PR_SET_PDEATHSIG, kSigKill), "ask for the supervisor's death signal");
  struct pollfd alive = {ctx.supervisor, POLLIN, 0};
  if (must(ctx, sys::poll(&alive, 1, 0), "look whether the supervisor lives") != 0) sys::exit(kExitLaunch);
}

/// Into a session of its own, or at least out of the launcher's process group: a signal that a shell sends to that group reaches the supervisor, which hands it on. Reaching init as
/// well, it would be pending there when the supervisor's arrives, and the kernel keeps only one of a kind.
void leave_callers_group(const Context& ctx) {
  if (ctx.flag(wire::kNewSession)) {
    must(ctx, sys::setsid(), "start a session");
  } else {
    must(ctx, sys::setpgid(0, 0), "leave the caller's process group");
  }
}

void wipe(char* from, char* to) { memset(from, 0, static_cast<std::size_t>(to - from)); }
char* end_of(char* string) { return string + length(string); }

/// argv lies in one piece (System V ABI), and /proc/1/cmdline shows that memory to everybody, dumpable or not (KERNEL 3.1). So the arguments that the program gets move
/// elsewhere, and the place is wiped before anything is started that could look.
std::size_t arguments_size(const Startup& start) {
  std::size_t size = 0;
  for (int i = 1; i < start.argc; ++i) size += sizeof(char*) + length(start.argv[i]) + 1;
  return size;
}
void hide_arguments(Context& ctx, void* memory) {
  const Startup& start = *ctx.start;
  if (start.argc == 0) return;
  const char** table = static_cast<const char**>(memory);
  char* to = reinterpret_cast<char*>(table + (start.argc - 1));
  for (int i = 1; i < start.argc; ++i) {
    table[i - 1] = to;
    to = append(to, start.argv[i]) + 1;
  }
  ctx.arguments = table;
  wipe(start.argv[0], end_of(start.argv[start.argc - 1]));
}

/// Of what is inherited the program has copies once it runs. Until then only init's being undumpable protects it.
void wipe_environment(const Context& ctx) {
  for (char** entry = ctx.start->envp; *entry != nullptr; ++entry) wipe(*entry, end_of(*entry));
}

}  // namespace

void run_init(Context& ctx) {
  forbid_new_privileges(ctx);
  reset_personality(ctx);
  tie_to_supervisor(ctx);
  // From here on init dies with the supervisor, where the profile says so.
  if (ctx.channel >= 0) keep(ctx, ctx.channel);
  keep_passed_descriptors(ctx);
  close_all_but_kept(ctx);
  // From here on no descriptor of the caller's is open but 0-2 and those that the profile passes on.
  map_ids(ctx);
  refuse_tracers(ctx);
  leave_callers_group(ctx);
  enter_cgroup_namespace(ctx);
  set_hostname(ctx);
  bring_loopback_up(ctx);
  limit_nested_namespaces(ctx);

  ctx.caller_umask = sys::umask(0);
  attach_root(ctx);
  apply_ops(ctx);
  enter_root(ctx);
  // From here on the view is finished and nothing else of the host can be reached.
  enter_scopes(ctx);
  close_all_but_kept(ctx);
  drop_capabilities(ctx);
  make_rules(ctx);
  // From here on init has no right that the program must not have.
  // NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): of 0 bytes where there are no arguments, and then nothing is put there
  hide_arguments(ctx, __builtin_alloca(arguments_size(*ctx.start)));
  start_daemons(ctx);
  const int program = spawn_program(ctx);
  // The program runs. From here on nothing is reported, only looked after.
  if (ctx.rules >= 0) sys::close(ctx.rules);
  let_passed_descriptors_go(ctx);
  drop_kept_capabilities(ctx);
  wipe_environment(ctx);
  look_after(ctx, program);
}

}  // namespace initrt
