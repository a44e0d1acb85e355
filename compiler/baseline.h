// A baseline: findings that are known and put up with for now, so that a gate can begin today and say no to new ones only.
//
// A file of JSON, one entry for each code, file, message and line of text. Line numbers are not in it: what moves with the text around it stays known. Files are named
// relative to the baseline's own directory, so that it does not matter where `check` is started.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/findings.h"

namespace immure {

class Baseline {
 public:
  /// `path`: where the file stands, or will.
  explicit Baseline(const std::string& path);
  /// Nothing where it is no baseline; `why` says why.
  static std::optional<Baseline> read(const std::string& path, std::string_view text, std::string& why);

  void add(const Finding& finding);
  /// Whether the finding is in it; each entry answers as often as it was counted.
  bool take(const Finding& finding);
  /// Entries that nothing has asked for.
  std::size_t left() const;
  std::string text() const;

 private:
  struct Key {
    std::string file, code, message, line;
    // NOLINTNEXTLINE(modernize-use-nullptr): it sees a null pointer in the comparison that the compiler writes
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  std::string directory_;
  std::map<Key, std::size_t> counts_;
  Key key(const Finding& finding) const;
};

}  // namespace immure
