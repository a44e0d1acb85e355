// See lsp_text.h.
#include "compiler/lsp_text.h"

#include <algorithm>
#include <cctype>

#include "compiler/utf8.h"

namespace immure {
namespace {

constexpr std::string_view kFile = "file://";

/// How many code units a code point is; a stray byte is shown as one character.
std::uint32_t units(const CodePoint& point) { return point.valid && point.value > 0xffff ? 2 : 1; }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = std::tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::uint64_t number(const Json& position, const char* key) {
  if (!position.is_object() || !position.contains(key) || !position[key].is_number_integer()) return 0;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, position[key].get<std::int64_t>()));
}

}  // namespace

Json lsp_position(const SourceFile& file, std::uint32_t offset) {
  const std::uint32_t line = file.position(offset).line;
  const std::string& text = file.text();
  std::uint32_t column = 0;
  for (std::size_t at = file.line_start(line); at < offset && at < text.size();) {
    const CodePoint point = code_point(text, at);
    column += units(point);
    at += point.length;
  }
  return {{"line", line - 1}, {"character", column}};
}

Json lsp_range(const SourceFile& file, std::uint32_t begin, std::uint32_t end) { return {{"start", lsp_position(file, begin)}, {"end", lsp_position(file, std::max(begin, end))}}; }

std::uint32_t lsp_offset(const SourceFile& file, const Json& position) {
  const std::uint64_t line = number(position, "line"), wanted = number(position, "character");
  if (line >= file.line_count()) return static_cast<std::uint32_t>(file.text().size());
  const std::uint32_t start = file.line_start(static_cast<std::uint32_t>(line) + 1);
  const std::size_t end = start + file.line_text(static_cast<std::uint32_t>(line) + 1).size();
  std::size_t at = start;
  for (std::uint64_t column = 0; at < end && column < wanted;) {
    const CodePoint point = code_point(file.text(), at);
    column += units(point);
    at += point.length;
  }
  return static_cast<std::uint32_t>(std::min(at, end));
}

std::string path_of_uri(std::string_view uri) {
  if (!uri.starts_with(kFile)) return std::string(uri);
  std::string out;
  const std::string_view path = uri.substr(std::min(uri.find('/', kFile.size()), uri.size()));
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape = path[i] == '%' && i + 2 < path.size() && digit(path[i + 1]) >= 0 && digit(path[i + 2]) >= 0;
    out += escape ? static_cast<char>(digit(path[i + 1]) * 16 + digit(path[i + 2])) : path[i];
    if (escape) i += 2;
  }
  return out;
}

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out(kFile);
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("/-._~").find(c) != std::string_view::npos) out += c;
    else out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

}  // namespace immure
