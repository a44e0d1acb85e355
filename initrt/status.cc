// Written by the supervisor, which alone knows the numbers outside. A reader that is gone, or a full pipe, must not disturb the sandbox: failures are ignored.
#include "initrt/status.h"

#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

struct MissingName {
  Missing bit;
  const char* name;
};
constexpr MissingName kMissing[] = {
    {kMissingNestedLimit, "nested-limit"},
    {kMissingScopes, "landlock-scopes"},
    {kMissingRules, "landlock-rules"},
    {kMissingGroups, "drop-supplementary-groups"},
    {kMissingRootSplit, "root-owns-files"},
};

void send(const Context& ctx, const char* line) {
  (void)traced(ctx, sys::write(static_cast<int>(ctx.image().status_fd.get()), line, length(line)), "report the status");
}

const char* reason_of(const Status& status, int exit_status) {
  if (!status.running) return exit_status > 128 ? "killed" : "launch";
  if (!status.ended) return "killed";
  if (status.ended_as == kTimedOut) return "timeout";
  return (status.ended_as & 0x7f) != 0 ? "signal" : "exit";
}

}  // namespace

void report_started(const Context& ctx, const Status& status, int missing) {
  if (ctx.image().status_fd.get() == wire::kNoDescriptor) return;
  char line[256];
  char* to = append_number(append(line, "{\"event\":\"started\",\"init\":"), static_cast<unsigned long>(status.init));
  to = append_number(append(to, ",\"program\":"), static_cast<unsigned long>(status.program));
  to = append(to, ",\"missing\":[");
  bool first = true;
  for (const MissingName& entry : kMissing) {
    if ((missing & entry.bit) == 0) continue;
    to = append(append(append(to, first ? "\"" : ",\""), entry.name), "\"");
    first = false;
  }
  append(to, "]}\n");
  send(ctx, line);
}

void report_exited(const Context& ctx, const Status& status, int exit_status) {
  if (ctx.image().status_fd.get() == wire::kNoDescriptor) return;
  char line[128];
  char* to = append_number(append(line, "{\"event\":\"exited\",\"status\":"), static_cast<unsigned long>(exit_status));
  append(append(append(to, ",\"reason\":\""), reason_of(status, exit_status)), "\"}\n");
  send(ctx, line);
}

}  // namespace initrt
