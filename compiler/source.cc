// The line table: one pass over the text when it is added, a binary search per question.
#include "compiler/source.h"

#include <algorithm>
#include <utility>

namespace immure {

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

Position SourceFile::position(std::uint32_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - starts_.begin());  // starts_[0] is 0, so at least 1
  return {line, offset - starts_[line - 1] + 1};
}

std::uint32_t SourceFile::line_start(std::uint32_t line) const { return starts_[std::clamp(line, 1U, line_count()) - 1]; }

std::string_view SourceFile::line_text(std::uint32_t line) const {
  const std::uint32_t begin = line_start(line);
  const std::size_t end = line < line_count() ? line_start(line + 1) - 1 : text_.size();
  std::string_view text = std::string_view(text_).substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::uint32_t Sources::add(std::string name, std::string text) {
  files_.emplace_back(std::move(name), std::move(text));
  return size() - 1;
}

std::uint32_t Sources::line(const Span& span) const { return span.known() ? files_[span.file].position(span.begin).line : 0; }

}  // namespace immure
