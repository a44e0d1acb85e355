// The human form, after rustc's:
//
//   error[E0201]: unknown key `pth` in `[program]`
//     --> app.toml:3:1
//      |
//    3 | pth = "/usr/bin/true"
//      | ^^^
//      |
//      = help: did you mean `path`?
//
// The place and the labels of one file share an excerpt; labels in other files follow with `:::`. Columns count code points. A line that is
// wider than the terminal is likely to be is cut to a window around the place. A place of several lines is shown by its first.
#include "compiler/diag_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "compiler/utf8.h"

namespace immure {
namespace {

constexpr std::uint32_t kWidestLine = 100;  // columns of source that are shown
constexpr std::size_t kMostShown = 200;     // diagnostics: nobody reads on, and a hostile file has a million
constexpr std::uint32_t kContext = 30;      // of them before the place, where the line is cut

struct Palette {
  const char *error, *warning, *note, *gutter, *help, *strong, *reset;
};
constexpr Palette kColours = {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1;34m", "\x1b[1;36m", "\x1b[1m", "\x1b[0m"};
constexpr Palette kPlain = {"", "", "", "", "", "", ""};

/// A place in one line of one file, with the words that go under it.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t begin = 0, end = 0;  // bytes within the line's text
  bool primary = false;
  std::string_view text;
};

/// A stretch of a line as it is shown, with the columns at which its bytes stand.
struct Window {
  std::string text;
  std::uint32_t begin = 0, end = 0;  // bytes of the line that are inside
  bool whole = true;
};

std::uint32_t width_of(std::string_view line, std::size_t begin, std::size_t end) {
  std::uint32_t width = 0;
  while (begin < end) {
    const CodePoint point = code_point(line, begin);
    width += shown(line, begin, point).width;
    begin += point.length;
  }
  return width;
}

/// Every code point costs a column here, marks without a width too: millions of those are not to be printed either.
std::uint32_t cost(const Shown& piece) { return std::max(1U, piece.width); }

/// Byte offset about `columns` columns before `at`; at most three continuation bytes belong to one code point, whatever the text says.
std::uint32_t step_back(std::string_view line, std::uint32_t at, std::uint32_t columns) {
  while (at > 0 && columns > 0) {
    --at;
    for (int i = 0; i < 3 && at > 0 && (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80; ++i) --at;
    columns -= std::min(cost(shown(line, at, code_point(line, at))), columns);
  }
  return at;
}

Window window_around(std::string_view line, std::uint32_t at) {
  Window window;
  // A line of many bytes is not measured to its end: hostile ones have millions.
  window.whole = line.size() <= std::size_t{kWidestLine} * 4 && width_of(line, 0, line.size()) <= kWidestLine;
  if (!window.whole) window.begin = step_back(line, std::min(at, static_cast<std::uint32_t>(line.size())), kContext);
  std::uint32_t columns = 0;
  std::size_t byte = window.begin;
  if (window.begin > 0) window.text = "…";
  while (byte < line.size() && (window.whole || columns < kWidestLine)) {
    const CodePoint point = code_point(line, byte);
    const Shown piece = shown(line, byte, point);
    window.text += piece.text;
    columns += cost(piece);
    byte += point.length;
  }
  window.end = static_cast<std::uint32_t>(byte);
  if (byte < line.size()) window.text += "…";
  return window;
}

class Renderer {
 public:
  Renderer(const Sources& sources, bool colour) : sources_(sources), palette_(colour ? kColours : kPlain) {}

  std::string render(const Diagnostic& diag) {
    out_.clear();
    heading(diag);
    gutter_ = gutter_width(diag);
    if (diag.span.known()) {
      excerpt(diag, diag.span.file, "-->");
      for (const std::uint32_t file : other_files(diag)) excerpt(diag, file, ":::");
    }
    helps(diag);
    out_ += '\n';
    return out_;
  }

 private:
  const Sources& sources_;
  const Palette& palette_;
  std::string out_;
  std::size_t gutter_ = 1;

  const char* colour_of(Severity severity) const {
    switch (severity) {
      case Severity::Error: return palette_.error;
      case Severity::Warning: return palette_.warning;
      case Severity::Note: return palette_.note;
    }
    return "";
  }
  void heading(const Diagnostic& diag) {
    const Severity severity = info(diag.code).severity;
    out_.append(colour_of(severity)).append(name_of(severity)).append("[");
    out_.append(info(diag.code).id).append("]").append(palette_.reset).append(palette_.strong);
    out_.append(": ").append(printable(diag.message)).append(palette_.reset).append("\n");
  }

  std::size_t gutter_width(const Diagnostic& diag) const {
    std::uint32_t last = sources_.line(diag.span);
    for (const Label& label : diag.labels) last = std::max(last, sources_.line(label.span));
    return std::to_string(last).size();
  }

  static std::vector<std::uint32_t> other_files(const Diagnostic& diag) {
    std::vector<std::uint32_t> files;
    for (const Label& label : diag.labels)
      if (label.span.known() && label.span.file != diag.span.file && std::find(files.begin(), files.end(), label.span.file) == files.end()) files.push_back(label.span.file);
    return files;
  }

  Mark mark(const Span& span, bool primary, std::string_view text) const {
    const SourceFile& file = sources_.file(span.file);
    const Position at = file.position(std::min(span.begin, static_cast<std::uint32_t>(file.text().size())));
    const auto length = static_cast<std::uint32_t>(file.line_text(at.line).size());
    const std::uint32_t begin = std::min(at.column - 1, length);
    const std::uint32_t wanted = span.end > span.begin ? span.end - span.begin : 0;
    return {at.line, begin, std::min(length, begin + wanted), primary, text};
  }

  std::vector<Mark> marks_in(const Diagnostic& diag, std::uint32_t file) const {
    std::vector<Mark> marks;
    if (diag.span.file == file) marks.push_back(mark(diag.span, true, {}));
    for (const Label& label : diag.labels)
      if (label.span.file == file) marks.push_back(mark(label.span, false, label.text));
    return marks;
  }

  /// The start of a line of the excerpt: the line's number, or nothing.
  void gutter(const std::string& number, const char* bar) {
    out_.append(palette_.gutter).append(" ").append(gutter_ - std::min(gutter_, number.size()), ' ').append(number);
    out_.append(" ").append(bar).append(palette_.reset);
  }

  void excerpt(const Diagnostic& diag, std::uint32_t index, const char* arrow) {
    const SourceFile& file = sources_.file(index);
    std::vector<Mark> marks = marks_in(diag, index);
    out_.append(palette_.gutter).append(gutter_ + 1, ' ').append(arrow).append(palette_.reset).append(" ").append(printable(file.name()));
    if (file.text().empty()) {  // a file that could not be read, or has nothing in it: a name is all there is to show
      out_ += '\n';
      return;
    }
    const Mark& first = marks.front();
    const std::string_view before = file.line_text(first.line).substr(0, first.begin);
    std::size_t column = 1;
    for (std::size_t at = before.starts_with("\xef\xbb\xbf") ? 3 : 0; at < before.size(); at += code_point(before, at).length) ++column;
    out_.append(":").append(std::to_string(first.line)).append(":").append(std::to_string(column)).append("\n");

    std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.line < b.line; });
    gutter("", "|");
    out_ += '\n';
    lines(file, marks);
  }

  void lines(const SourceFile& file, const std::vector<Mark>& marks) {
    std::uint32_t shown_line = 0;
    bool shown_whole = false;
    for (const Mark& mark : marks) {
      const std::string_view line = file.line_text(mark.line);
      const Window window = window_around(line, mark.begin);
      if (mark.line != shown_line || !shown_whole) {
        if (shown_line != 0 && mark.line > shown_line + 1) out_.append(palette_.gutter).append("...").append(palette_.reset).append("\n");
        gutter(std::to_string(mark.line), "|");
        if (!window.text.empty()) out_.append(" ").append(window.text);
        out_ += '\n';
      }
      shown_line = mark.line;
      shown_whole = window.whole;
      underline(line, window, mark);
    }
  }

  void underline(std::string_view line, const Window& window, const Mark& mark) {
    const std::uint32_t indent = (window.begin > 0 ? 1 : 0) + width_of(line, window.begin, mark.begin);
    const std::uint32_t run = std::max(1U, width_of(line, mark.begin, std::min(mark.end, window.end)));
    gutter("", "|");
    out_.append(" ").append(indent, ' ');
    out_.append(mark.primary ? palette_.error : palette_.gutter).append(run, mark.primary ? '^' : '-');
    if (!mark.text.empty()) out_.append(" ").append(printable(mark.text));
    out_.append(palette_.reset).append("\n");
  }

  void help(std::string_view text) {
    out_.append(palette_.gutter).append(gutter_ + 2, ' ').append("= ").append(palette_.help).append("help").append(palette_.reset).append(": ");
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
      out_.append(printable(text.substr(0, end))).append("\n").append(gutter_ + 10, ' ');
    out_.append(printable(text)).append("\n");
  }

  void helps(const Diagnostic& diag) {
    if (diag.helps.empty() && diag.fixes.empty()) return;
    if (diag.span.known() && !sources_.file(diag.span.file).text().empty()) {
      gutter("", "|");
      out_ += '\n';
    }
    for (const FixIt& fix : diag.fixes) {
      // What is put in at a place, and what the title says anyway, needs no words of its own.
      std::string_view bare = fix.replacement;
      if (bare.size() > 2 && bare.starts_with('"') && bare.ends_with('"')) bare = bare.substr(1, bare.size() - 2);
      const bool said = fix.span.begin == fix.span.end || fix.title.find(bare) != std::string::npos;
      help(said ? fix.title : fix.title + ": `" + fix.replacement + "`");
    }
    for (const std::string& text : diag.helps) help(text);
  }
};

}  // namespace

std::string counted(std::size_t count, const char* noun) { return std::to_string(count) + " " + noun + (count == 1 ? "" : "s"); }

std::vector<std::string> render_each(const Diagnostics& diags, const Sources& sources, bool colour, std::size_t most) {
  Renderer renderer(sources, colour);
  std::vector<std::string> texts;
  for (const Diagnostic& diag : diags.sorted()) {
    if (texts.size() == most) break;
    texts.push_back(renderer.render(diag));
  }
  return texts;
}

std::string render_human(const Diagnostics& diags, const Sources& sources, bool colour) {
  Renderer renderer(sources, colour);
  std::string result;
  const std::vector<Diagnostic> sorted = diags.sorted();
  const std::size_t shown = std::min(sorted.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) result += renderer.render(sorted[i]);
  if (shown < sorted.size()) result += "and " + std::to_string(sorted.size() - shown) + " more\n\n";
  return result;
}

std::string summary(const Diagnostics& diags) {
  Counts counts{};
  for (const Diagnostic& diag : diags.sorted()) ++counts[static_cast<std::size_t>(info(diag.code).severity)];
  return summary(counts);
}

std::string summary(const Counts& counts) {
  std::string result;
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note})
    if (const std::size_t count = counts[static_cast<std::size_t>(severity)]; count != 0) result += (result.empty() ? "" : ", ") + counted(count, name_of(severity));
  return result;
}

}  // namespace immure
