// `[[seccomp.rule]]` and `seccomp.oci` -> rules of a policy.
#pragma once

#include "compiler/diag.h"
#include "compiler/policy.h"
#include "compiler/profile.h"

namespace immure {

/// Adds the profile's own rules to those of its presets, and says what is wrong with them: unknown calls, tests that never hold, rules that repeat, contradict
/// or hide one another or a preset, an allow-list under which nothing could start.
void add_rules(const Profile& profile, SyscallPolicy& policy, Diagnostics& diags);

}  // namespace immure
