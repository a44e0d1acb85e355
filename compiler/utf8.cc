// Plain tables and one decoder; no locale is asked, so that output is the same everywhere.
#include "compiler/utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace immure {
namespace {

struct Range {
  char32_t first, last;
};

// Two columns in every terminal we know (East Asian Wide and Fullwidth, emoji), in blocks: being one column off in a rare one is harmless.
constexpr Range kWide[] = {
    {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};
// Combining marks: they stand on the character before.
constexpr Range kNarrow[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},    {0x1ab0, 0x1aff},
                             {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef}};
// What moves the cursor, hides text or turns it round.
constexpr Range kEscaped[] = {{0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},     {0x180e, 0x180e},   {0x200b, 0x200f},
                              {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfff0, 0xfffb}, {0xe0000, 0xe007f}, {0xf0000, 0x10ffff}};

template <std::size_t N>
bool within(const Range (&table)[N], char32_t value) {
  const auto holds = [value](const Range& range) { return value >= range.first && value <= range.last; };
  return std::any_of(std::begin(table), std::end(table), holds);
}

std::string escape(const char* format, unsigned value) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

}  // namespace

CodePoint code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  const std::uint32_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < length) return {lead, 1, false};
  char32_t value = lead & (0x7fU >> length);
  for (std::uint32_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {lead, 1, false};
    value = (value << 6) | (byte(at + i) & 0x3fU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kSmallest[length] || value > 0x10ffff || surrogate) return {lead, 1, false};
  return {value, length, true};
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    if (!point.valid) return at;
    at += point.length;
  }
  return std::nullopt;
}

Shown shown(std::string_view text, std::size_t at, const CodePoint& point) {
  if (!point.valid) return {escape("\\x%02x", static_cast<unsigned char>(text[at])), 4};
  if (point.value == '\t') return {"    ", 4};
  if (point.value == 0xfeff) return {"", 0};  // a byte order mark: TOML allows it, nobody wants to see it
  if (within(kEscaped, point.value)) {
    std::string escaped = point.value < 0x80 ? escape("\\x%02x", static_cast<unsigned>(point.value)) : escape("\\u{%x}", static_cast<unsigned>(point.value));
    const auto width = static_cast<std::uint32_t>(escaped.size());
    return {std::move(escaped), width};
  }
  const std::uint32_t width = within(kNarrow, point.value) ? 0 : within(kWide, point.value) ? 2 : 1;
  return {std::string(text.substr(at, point.length)), width};
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    result += shown(text, at, point).text;
    at += point.length;
  }
  return result;
}

}  // namespace immure
