// Source texts and places in them.
//
// Everything that comes from a profile keeps a Span down to the plan. A span is byte offsets into a file; lines and columns are computed
// only when something is shown, from one sorted table of line starts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace immure {

/// Half-open byte range [begin, end) of one file. The default is "nowhere".
struct Span {
  static constexpr std::uint32_t kNoFile = 0xffff'ffff;
  std::uint32_t file = kNoFile;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool known() const { return file != kNoFile; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// Line and column, both from 1; the column counts bytes.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  Position position(std::uint32_t offset) const;
  /// Byte offset of a line's first byte; `line` from 1, clamped to the file.
  std::uint32_t line_start(std::uint32_t line) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }
  /// The line's text without its line end.
  std::string_view line_text(std::uint32_t line) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> starts_;
};

/// All files of one run: the profile first, then its fragments. Indexes are Span::file.
class Sources {
 public:
  std::uint32_t add(std::string name, std::string text);
  const SourceFile& file(std::uint32_t index) const { return files_[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(files_.size()); }
  std::uint32_t line(const Span& span) const;

 private:
  std::vector<SourceFile> files_;
};

}  // namespace immure
