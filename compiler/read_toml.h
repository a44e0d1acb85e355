// Text to tree: the TOML syntax, and nothing of the language.
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/ast.h"
#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

/// The document as a table value, or nothing where it cannot be read; then at least one error has been reported. A key that stands twice
/// is reported and its first value kept, so that the other mistakes of the file are found in the same run.
std::optional<ast::Value> read_toml(const Sources& sources, std::uint32_t file, Diagnostics& diags);

}  // namespace immure
