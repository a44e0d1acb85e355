// Diagnostics for programs.
#pragma once

#include <string>

#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

/// One object: `diagnostics`, in source order, and the counts `errors` and `warnings`. Lines and columns from 1, columns in bytes.
std::string render_json(const Diagnostics& diags, const Sources& sources);

}  // namespace immure
