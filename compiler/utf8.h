// UTF-8 as far as a compiler needs it: validity, code points, and how wide a terminal shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace immure {

struct CodePoint {
  char32_t value = 0;
  std::uint32_t length = 1;  // in bytes; 1 for a byte that starts no valid sequence
  bool valid = false;
};
/// The code point at `at`, which must lie inside the text.
CodePoint code_point(std::string_view text, std::size_t at);

/// Offset of the first byte that is not UTF-8: overlong forms, surrogates and cut sequences included.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// One code point (or stray byte) as a terminal may be given it.
struct Shown {
  std::string text;
  std::uint32_t width = 0;  // columns
};
/// Control characters, marks that change the writing direction and stray bytes become visible escapes, so that a hostile profile cannot
/// speak to the terminal; a tab is four columns.
Shown shown(std::string_view text, std::size_t at, const CodePoint& point);

/// All of a text in that form, a line feed too.
std::string printable(std::string_view text);

}  // namespace immure
