// Giving up rights, for good.
#pragma once

#include "initrt/context.h"
#include "initrt/sys.h"

namespace initrt {

/// No program executed from here on gains anything by set-user-ID or file capabilities. The first thing that init does.
void forbid_new_privileges(const Context& ctx);
/// What of the execution domain the caller has changed ends here.
void reset_personality(const Context& ctx);
/// Undumpable: nobody without CAP_SYS_PTRACE outside may trace init or read its memory.
void refuse_tracers(const Context& ctx);
/// Empties the bounding set and every capability set of init but for what the profile keeps for the program.
void drop_capabilities(const Context& ctx);
/// In a child: what the profile keeps becomes ambient, and so survives execve(2).
Result raise_ambient(const Context& ctx);
/// After the last spawn: init itself needs none.
void drop_kept_capabilities(const Context& ctx);

}  // namespace initrt
