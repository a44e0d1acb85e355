// The status descriptor: one JSON object per line, for tools that start sandboxes (`process.status-fd`).
#pragma once

#include "initrt/channel.h"
#include "initrt/context.h"

namespace initrt {

/// What the supervisor has learnt so far.
struct Status {
  int init = 0;
  int program = 0;
  bool running = false;
  bool ended = false;
  int ended_as = 0;  // Message::value of News::Ended
};

/// {"event":"started","init":1,"program":2,"enforced":["seccomp"],"missing":["nested-limit"]}
void report_started(const Context& ctx, const Status& status, int missing);
/// {"event":"exited","status":0,"reason":"exit"}; reasons: exit, signal, timeout, launch, killed.
void report_exited(const Context& ctx, const Status& status, int exit_status);

}  // namespace initrt
