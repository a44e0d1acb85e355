// Every index becomes a name and a number here.
#include "compiler/findings.h"

#include "compiler/utf8.h"

namespace immure {
namespace {

constexpr std::size_t kLongestLine = 200;  // bytes of a line that a baseline looks at

Spot spot(const SourceFile& file, std::uint32_t offset) {
  const Position at = file.position(offset);
  const std::string_view line = file.line_text(at.line);
  std::uint32_t letter = 1;
  for (std::size_t byte = 0; byte + 1 < at.column && byte < line.size(); byte += code_point(line, byte).length) ++letter;
  return {at.line, at.column, letter};
}

Place place_of(const Span& span, const Sources& sources) {
  if (!span.known()) return {};
  const SourceFile& file = sources.file(span.file);
  return {file.name(), spot(file, span.begin), spot(file, span.end), span.begin, span.end};
}

std::string line_of(const Span& span, const Sources& sources) {
  if (!span.known()) return {};
  const SourceFile& file = sources.file(span.file);
  std::string_view line = file.line_text(file.position(span.begin).line).substr(0, kLongestLine);
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(line.substr(begin, line.find_last_not_of(" \t") + 1 - begin));
}

Finding finding(const Diagnostic& diag, const Sources& sources, std::uint32_t main) {
  Finding out;
  out.code = diag.code;
  out.place = place_of(diag.span, sources);
  out.message = diag.message;
  for (const Label& label : diag.labels) out.labels.push_back({place_of(label.span, sources), label.text});
  out.helps = diag.helps;
  for (const FixIt& fix : diag.fixes) out.fixes.push_back({place_of(fix.span, sources), fix.replacement, fix.title});
  out.line = line_of(diag.span, sources);
  out.in_main = !diag.span.known() || diag.span.file == main;
  return out;
}

}  // namespace

std::vector<Finding> findings(const Diagnostics& diags, const Sources& sources, std::uint32_t main) {
  std::vector<Finding> out;
  for (const Diagnostic& diag : diags.sorted()) out.push_back(finding(diag, sources, main));
  return out;
}

}  // namespace immure
