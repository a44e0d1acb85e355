// Numbers that are written as text: sizes, modes, durations, base64. Pure functions of the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/parse_text.h"
#include "compiler/values.h"

namespace immure {

[[nodiscard]] std::optional<TextFault> parse_size(std::string_view text, type::Size& out);
[[nodiscard]] std::optional<TextFault> check_size(std::int64_t bytes, type::Size& out);
[[nodiscard]] std::optional<TextFault> parse_mode(std::string_view text, type::Mode& out);
[[nodiscard]] std::optional<TextFault> parse_duration(std::string_view text, type::Duration& out);
[[nodiscard]] std::optional<TextFault> parse_base64(std::string_view text, std::string& out);

}  // namespace immure
