// `immure build` and `immure run`: the launcher onto the disk, or into a memory file and executed from there.
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

int run_launcher(Session& session) {
  const std::optional<Compiled> compiled = compile_launcher(session, session.options.files[0]);
  report(session);
  if (!compiled) return session.status();
  std::signal(SIGPIPE, SIG_DFL);  // ignored by the command alone, see main.cc
  const int error = execute(compiled->plan.name, compiled->launcher, session.options.args);
  complain(std::string("cannot execute the launcher: ") + std::strerror(error));
  return kUsageOrIo;
}

}  // namespace immure
