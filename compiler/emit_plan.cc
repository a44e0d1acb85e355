// `immure emit plan`: what a launcher of the profile would do. The same as `inspect` says of the launcher, to a file and without one.
#include "compiler/emit.h"
#include "compiler/inspect.h"
#include "compiler/pipeline.h"
#include "compiler/syscalls.h"

namespace immure {

int emit_plan(Session& session) {
  const std::optional<Compiled> compiled = compile_launcher(session, session.options.files[0]);
  report(session);
  if (!compiled) return session.status();
  const auto inspect = session.options.json ? inspect_json : inspect_text;
  return deliver(session, inspect({compiled->plan, compiled->launcher, compiled->image}, session.options.bpf, syscall_name), 0644, true);
}

}  // namespace immure
