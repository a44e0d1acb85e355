// What several targets ask of what the compiler shows.
#pragma once

#include <string_view>

namespace fuzz {

bool is_json(std::string_view text);

/// Everything that `immure inspect` does with bytes that may be an image. Verifies, and where that succeeds walks all of it: decoded, and shown in both forms with the filters.
void walk_image(std::string_view launcher, std::string_view image);

}  // namespace fuzz
