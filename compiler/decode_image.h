// Image -> plan: the inverse of encode, for `immure inspect` and for the tests of both.
#pragma once

#include "compiler/plan.h"
#include "schema/image_reader.h"

namespace immure {

/// A Reader means a checked image, so this cannot fail.
Plan decode_image(const wire::Reader& reader);

}  // namespace immure
