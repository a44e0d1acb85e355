// An OCI seccomp profile (Docker, Podman, the runtime specification) -> rules.
#pragma once

#include "compiler/diag.h"
#include "compiler/policy.h"
#include "compiler/profile.h"

namespace immure {

/// Adds its rules to the policy and takes its default action over. What it cannot say is reported at `seccomp.oci`.
void add_oci_profile(const type::SourceFile& file, const Profile& profile, SyscallPolicy& policy, Diagnostics& diags);

}  // namespace immure
