// Profile -> policy: what `[seccomp]` and its presets add up to.
#pragma once

#include <optional>

#include "compiler/diag.h"
#include "compiler/policy.h"
#include "compiler/profile.h"

namespace immure {

/// The policy of `[seccomp]` for one target, with the profile's own rules; nothing where it is switched off. Of a resolved profile. `diags`: where to say what
/// is wrong with the rules; a profile that was checked has nothing to say a second time.
std::optional<SyscallPolicy> program_policy(const Profile& profile, Arch target = Arch::X86_64, Diagnostics* diags = nullptr);

/// What init may still do after its last spawn.
SyscallPolicy init_policy();

}  // namespace immure
