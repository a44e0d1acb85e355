// SHA-256, FIPS 180-4, for the digests that `immure inspect` shows.
//
// Our own sixty lines rather than a library: nothing here is secret or fast, and a crypto library would double what the command loads at each
// start.
#pragma once

#include <string>
#include <string_view>

namespace immure {

/// Lower-case hexadecimal.
std::string sha256(std::string_view bytes);

}  // namespace immure
