// A first look at a TOML text, before the real parser: nesting, where its keys stand, and its comments.
//
// toml++ builds one table inside another for every part of a dotted key and destroys them by recursion, so `a.a.a.…` of some ten thousand
// parts ends its stack; and when a key stands twice it tells only the second place. This scanner knows just enough of TOML (strings,
// comments, brackets, keys) to bound the first and find the second. Up to the first syntax error both read the text alike; what it
// makes of the rest does not matter, because toml++ stops there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immure {

inline constexpr std::uint32_t kMaxTomlDepth = 32;  // brackets inside brackets, parts of a dotted key; profiles need three

struct TomlKey {
  std::string path;  // container and parts, unambiguous; equal paths are one key
  std::uint32_t begin = 0, end = 0;
  bool header = false;              // [a.b] or [[a.b]]
  bool in_line = false;             // inside { … }
  std::uint32_t statement_end = 0;  // of a key that is no header: where its value ends
};

/// From its `#` to the end of its line.
struct TomlComment {
  std::uint32_t begin = 0, end = 0;
};

struct TomlScan {
  std::optional<std::uint32_t> too_deep;  // offset of the bracket or key part that is one too many; the scan ends there
  std::vector<TomlKey> keys;              // only where asked for
  std::vector<TomlComment> comments;      // with the keys
};

TomlScan scan_toml(std::string_view text, bool with_keys);

}  // namespace immure
