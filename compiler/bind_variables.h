// The profile as a launch from this environment would take it: each launch variable replaced by its value. Only for what looks at this host (`--host`), whose answers are
// those of one machine and one caller anyway; without it a variable can be anything.
#pragma once

#include "compiler/diag.h"
#include "compiler/host.h"
#include "compiler/profile.h"

namespace immure {

/// Where the launcher would end instead, because a variable is not set or a path is none with its value, that is said and the text stays as it is.
Profile bind_variables(const Profile& profile, const HostFiles& files, Diagnostics& diags);

}  // namespace immure
