// Plan -> image: the bytes of schema/wire.h.
#pragma once

#include <string>

#include "compiler/diag.h"
#include "compiler/plan.h"

namespace immure {

/// The image, as the launcher's own reader accepts it. Equal plans give equal bytes. A plan beyond the format's limits is a diagnostic, and the
/// result is empty.
std::string encode(const Plan& plan, Diagnostics& diags);

}  // namespace immure
