// See policy.h.
#include "compiler/policy.h"

#include <linux/seccomp.h>

namespace immure {

std::uint32_t return_word(const Action& action) {
  switch (action.kind) {
    case ActionKind::Allow: return SECCOMP_RET_ALLOW;
    case ActionKind::Log: return SECCOMP_RET_LOG;
    case ActionKind::Errno: return SECCOMP_RET_ERRNO | action.error;
    case ActionKind::Trap: return SECCOMP_RET_TRAP;
    case ActionKind::KillThread: return SECCOMP_RET_KILL_THREAD;
    case ActionKind::KillProcess: return SECCOMP_RET_KILL_PROCESS;
  }
  return SECCOMP_RET_KILL_PROCESS;
}

}  // namespace immure
