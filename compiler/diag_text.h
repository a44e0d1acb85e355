// Diagnostics for people: the excerpt of the source, carets under the place, what helps.
#pragma once

#include <string>

#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

/// All diagnostics in source order, each followed by an empty line. `colour`: ANSI colours; nothing of the profile reaches the terminal raw.
std::string render_human(const Diagnostics& diags, const Sources& sources, bool colour);

/// "2 errors, 1 warning"; empty where there is nothing to count.
std::string summary(const Diagnostics& diags);

}  // namespace immure
