// Policy -> the `seccomp` member of an OCI configuration. oci_profile.h is the way back.
#pragma once

#include <string>
#include <vector>

#include "compiler/json.h"
#include "compiler/policy.h"

namespace immure {

/// `lost`: what it cannot say.
Json oci_filter(const SyscallPolicy& policy, std::vector<std::string>& lost);

}  // namespace immure
