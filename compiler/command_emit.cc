// `immure emit`: the other things that a profile can become.
#include "compiler/commands.h"
#include "compiler/embedded.h"
#include "compiler/inspect.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

/// The filter alone, for any target; empty where there is none.
int emit_filter(Session& session) {
  const Judged judged = judge(session, session.options.files[0]);
  std::optional<BpfProgram> filter;
  if (judged.profile && !session.diags.has_errors()) {
    const std::optional<SyscallPolicy> policy = program_policy(*judged.profile, session.options.target);
    filter = policy ? filter_of(session, *policy, judged.profile->seccomp.optimize.span) : BpfProgram();
  }
  report(session);
  if (!filter) return session.status();
  return deliver(session, {reinterpret_cast<const char*>(filter->data()), filter->size() * sizeof(BpfInsn)}, 0644, false);
}

int emit_plan(Session& session) {
  const std::optional<Compiled> compiled = compile_launcher(session, session.options.files[0]);
  report(session);
  if (!compiled) return session.status();
  return deliver(session, inspect_json({compiled->plan, compiled->launcher, compiled->image}, false, syscall_name), 0644, true);
}

}  // namespace

int emit_format(Session& session) {
  switch (session.options.emit) {
    case EmitFormat::Schema: return deliver(session, embedded_schema(), 0644, true);
    case EmitFormat::Bpf: return emit_filter(session);
    case EmitFormat::Plan: return emit_plan(session);
  }
  return kUsageOrIo;
}

}  // namespace immure
