// Written by the supervisor, which alone knows the numbers outside. A reader that is gone, or a full pipe, must not disturb the sandbox: failures are ignored.
#include "initrt/status.h"

#include "initrt/cgroup.h"
#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// What stands between the program and the rest: where the profile asks for it, and the bit that says that it is not there.
struct Wall {
  const char* name;
  bool (*asked)(const Context&);
  int missing;
};
constexpr Wall kWalls[] = {
    {"no-new-privs", [](const Context&) { return true; }, 0},
    {"capabilities", [](const Context&) { return true; }, 0},
    {"seccomp", [](const Context& ctx) { return ctx.flag(wire::kHasFilter); }, 0},
    {"landlock-scopes", [](const Context& ctx) { return ctx.image().landlock_scopes.get() != 0; }, kMissingScopes},
    {"landlock-rules", [](const Context& ctx) { return ctx.image().landlock_paths.count.get() + ctx.image().landlock_ports.count.get() != 0; }, kMissingRules},
    {"nested-limit", [](const Context& ctx) { return !ctx.flag(wire::kNested); }, kMissingNestedLimit},
    {"drop-supplementary-groups", [](const Context&) { return true; }, kMissingGroups},
    {"limits", [](const Context& ctx) { return ctx.image().limits.count.get() != 0; }, 0},
    {"cgroup", has_cgroup, 0},
    // Not a wall that anybody could build without an id of the program's own: named where it is missing only.
    {"root-owns-files", [](const Context&) { return false; }, kMissingRootSplit},
};

/// `,"KEY":["name",…]` of the walls that are missing, or of those that stand.
char* append_walls(char* to, const Context& ctx, const char* key, int missing, bool lost) {
  to = append(append(append(to, ",\""), key), "\":[");
  const char* before = "\"";
  for (const Wall& wall : kWalls) {
    const bool is_lost = (missing & wall.missing) != 0;
    if (is_lost != lost || (!lost && !wall.asked(ctx))) continue;
    to = append(append(append(to, before), wall.name), "\"");
    before = ",\"";
  }
  return append(to, "]");
}

void send(const Context& ctx, const char* line) {
  const int fd = static_cast<int>(ctx.image().status_fd.get());
  // The description is the caller's, so its mode is as well; a pipe that takes anything takes a line.
  struct pollfd room = {fd, POLLOUT, 0};
  if (traced(ctx, sys::poll(&room, 1, 0), "report the status").value() != 1) return;
  (void)traced(ctx, sys::write(fd, line, length(line)), "report the status");
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
  char line[512];
  char* to = append_number(append(line, "{\"event\":\"started\",\"init\":"), static_cast<unsigned long>(status.init));
  to = append_number(append(to, ",\"program\":"), static_cast<unsigned long>(status.program));
  to = append_walls(to, ctx, "enforced", missing, false);
  to = append_walls(to, ctx, "missing", missing, true);
  append(to, "}\n");
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
