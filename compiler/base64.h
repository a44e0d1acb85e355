// Bytes as base64. parse_units.h has the way back.
#pragma once

#include <string>
#include <string_view>

namespace immure {

std::string base64(std::string_view bytes);
/// The same in lines of 76 characters, each with its line feed.
std::string base64_lines(std::string_view bytes);

}  // namespace immure
