// Diagnostics for people: the excerpt of the source, carets under the place, what helps.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

/// All diagnostics in source order, each followed by an empty line. `colour`: ANSI colours; nothing of the profile reaches the terminal raw.
std::string render_human(const Diagnostics& diags, const Sources& sources, bool colour);

/// One text for each of the first `most` of them, in the same order.
std::vector<std::string> render_each(const Diagnostics& diags, const Sources& sources, bool colour, std::size_t most);

/// "2 errors, 1 warning"; empty where there is nothing to count.
std::string summary(const Diagnostics& diags);
std::string summary(const Counts& counts);
/// "1 error", "2 errors".
std::string counted(std::size_t count, const char* noun);

}  // namespace immure
