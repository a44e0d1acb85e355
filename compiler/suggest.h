// "Did you mean": the nearest word of a closed set.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace immure {

/// The candidate that `word` was most likely meant to be; nothing when none is near. Case and `_` for `-` do not count as differences.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

/// "`a`, `b` and `c`", or with another last word than "and".
std::string listed(std::span<const std::string_view> words, std::string_view last = "and");

}  // namespace immure
