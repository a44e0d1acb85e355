// Tree to typed profile: the shape of the language. One file at a time; fragments and defaults are resolve.cc's.
#pragma once

#include <cstdint>

#include "compiler/ast.h"
#include "compiler/diag.h"
#include "compiler/profile.h"
#include "compiler/source.h"

namespace immure {

/// A key whose value was wrong is left without a value but keeps its key_span, so that later passes do not call it missing.
Profile decode(const ast::Table& root, const Sources& sources, std::uint32_t file, Diagnostics& diags);

}  // namespace immure
