// Launch variables of a whole profile: used ones must be declared, declared ones should be used.
#pragma once

#include <cstdint>

#include "compiler/diag.h"
#include "compiler/profile.h"
#include "compiler/source.h"

namespace immure {

/// `main`: the file whose declarations are asked for their use, where `ask_use`; fragments may declare more than this profile needs.
void check_launch_variables(Profile& profile, std::uint32_t main, const Sources& sources, bool ask_use, Diagnostics& diags);

}  // namespace immure
