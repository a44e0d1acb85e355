// `immure build` and `immure run`: the launcher onto the disk, or into a memory file and executed from there; and why a launch has failed, where this host's files tell.
#include <csignal>
#include <cstring>

#include "compiler/commands.h"
#include "compiler/execute.h"
#include "compiler/pipeline.h"

namespace immure {

int build_launcher(Session& session) {
  const std::optional<Compiled> compiled = compile_launcher(session, session.options.files[0]);
  report(session);
  return compiled ? deliver(session, compiled->launcher, 0755, false) : session.status();
}

namespace {

constexpr int kFirstOfLaunch = 125, kLastOfLaunch = 127;  // DESIGN 3.5; a program may end with one of these too, and then there is nothing to be found

/// What `check --host` would have said. Asked only now: a launch that succeeds does not wait for it.
void explain_failure(const Session& failed) {
  Options options = failed.options;
  options.host = true;
  Session session{options, {}, {}};
  (void)judge(session, options.files[0]);
  session.diags.remove([](const Diagnostic& d) { return info(d.code).cls != Class::Launch; });
  report(session);
}

}  // namespace

int run_launcher(Session& session) {
  const std::optional<Compiled> compiled = compile_launcher(session, session.options.files[0]);
  report(session);
  if (!compiled) return session.status();
  std::signal(SIGPIPE, SIG_DFL);  // ignored by the command alone, see main.cc
  const bool dies_with_caller = (compiled->plan.flags & wire::kDieWithCaller) != 0;
  const auto result = execute({compiled->plan.name, session.options.args, dies_with_caller}, compiled->launcher);
  if (const NotStarted* not_started = std::get_if<NotStarted>(&result)) {
    complain(std::string("cannot execute the launcher: ") + std::strerror(not_started->error));
    return kUsageOrIo;
  }
  const int status = std::get<Ended>(result).status;
  if (status >= kFirstOfLaunch && status <= kLastOfLaunch) explain_failure(session);
  return status;
}

}  // namespace immure
