// Where the cursor is, is told from the lines around it and not from the parsed text, because somebody who asks for a completion is in the middle of writing: the last header above it
// names the table, the lines of an [[fs]] entry name its op, what stands before the cursor on its own line tells a key from a value, and the brackets that are open name the list or the
// inline table.
#include "compiler/lsp_cursor.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <vector>

namespace immure {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

/// The key of `key = value`; empty where the line is none.
std::string_view key_of(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view key = trimmed(line.substr(0, equals));
  const bool plain = std::all_of(key.begin(), key.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; });
  return plain ? key : std::string_view{};
}

std::string_view header_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with('[')) return {};
  const std::size_t begin = line.find_first_not_of('['), end = line.find(']');
  if (begin == std::string_view::npos || end == std::string_view::npos || end <= begin) return {};
  return trimmed(line.substr(begin, end - begin));
}

/// The string around `at`, by the quotes of its line.
void find_string(std::string_view text, std::uint32_t begin, std::uint32_t end, std::uint32_t at, Cursor& out) {
  for (std::uint32_t i = begin; i < end; ++i) {
    const char quote = text[i];
    if (quote == '#') return;
    if (quote != '"' && quote != '\'') continue;
    std::uint32_t close = i + 1;
    while (close < end && text[close] != quote) close += text[close] == '\\' && quote == '"' ? 2 : 1;
    close = std::min(close, end);
    if (at > i && at <= close) {
      out.in_string = true;
      out.string = text.substr(i + 1, close - i - 1);
      out.string_begin = i + 1;
      out.string_end = close;
      return;
    }
    i = close;
  }
}

const GroupDoc* table_or_list(std::string_view name) {
  const GroupDoc* table = group_doc(name, GroupDoc::Kind::Table);
  return table != nullptr ? table : group_doc(name, GroupDoc::Kind::List);
}

/// The brackets that are open behind the values of a table. A line that is not finished spoils no other one: an inline table ends with its line at the latest, as TOML has it, and a
/// list where a key begins.
struct Brackets {
  std::string_view text;
  std::uint32_t entry;       // where the innermost `key = value` begins
  std::uint32_t equals = 0;  // its `=`; 0: not there yet
  struct Open {
    char bracket;
    std::string_view key;  // whose value it is, or is a part of
    std::uint32_t begin;   // behind it
  };
  std::vector<Open> open = {};

  bool in(char bracket) const { return !open.empty() && open.back().bracket == bracket; }
  std::string_view key() const { return equals == 0 ? std::string_view{} : trimmed(text.substr(entry, equals - entry)); }

  void next_entry(std::uint32_t at) {
    entry = at;
    equals = 0;
  }

  /// Behind the string or comment that begins at `i`.
  std::uint32_t behind(std::uint32_t i) const {
    const bool comment = text[i] == '#', lines = !comment && text.substr(i, 3) == std::string(3, text[i]);
    const std::size_t close = lines ? text.find(text.substr(i, 3), i + 3) : std::string_view::npos;
    if (lines) return static_cast<std::uint32_t>(close == std::string_view::npos ? text.size() : close + 3);
    std::size_t at = i + 1;
    while (at < text.size() && text[at] != '\n' && (comment || text[at] != text[i])) at += text[at] == '\\' && text[i] == '"' ? 2 : 1;
    return static_cast<std::uint32_t>(std::min(at < text.size() && text[at] != '\n' ? at + 1 : at, text.size()));
  }

  std::uint32_t step(std::uint32_t i) {
    switch (text[i]) {
      case '#':
      case '"':
      case '\'': return behind(i);
      case '\n':
        while (in('{')) open.pop_back();
        if (open.empty()) next_entry(i + 1);
        break;
      case ',':
        if (in('{')) next_entry(i + 1);
        break;
      case '=':
        if (in('[')) {
          open.clear();
          next_entry(static_cast<std::uint32_t>(text.rfind('\n', i) + 1));
        }
        if (equals == 0) equals = i;
        break;
      case '[':
      case '{':
        if (open.empty() && equals == 0) break;  // a header that is being written
        open.push_back({text[i], in('[') ? open.back().key : key(), i + 1});
        if (text[i] == '{') next_entry(i + 1);
        break;
      case ']':
        while (in('{')) open.pop_back();
        if (in('[')) open.pop_back();
        break;
      case '}':
        if (in('{')) open.pop_back();
        break;
    }
    return i + 1;
  }
};

/// The op of the innermost inline table, which may stand behind the cursor.
const GroupDoc* inline_op(Brackets brackets) {
  const std::size_t depth = brackets.open.size();
  const std::uint32_t begin = brackets.open.back().begin;
  brackets.next_entry(begin);
  for (std::uint32_t i = begin; i < brackets.text.size() && brackets.open.size() >= depth;) {
    i = brackets.step(i);
    if (brackets.open.size() != depth) continue;
    if (const GroupDoc* op = group_doc(brackets.key(), GroupDoc::Kind::Op)) return op;
  }
  return nullptr;
}

/// In a list its key is the cursor's; in an inline table, the table and its keys are. The insides of a table that the language does not name, such as `env.set`, are the value of its key.
void place_in_brackets(Brackets brackets, std::string_view header, std::uint32_t offset, Cursor& out) {
  std::string path(header);
  for (std::size_t i = 0; i < brackets.open.size(); ++i) {
    const Brackets::Open& each = brackets.open[i];
    out.key = each.key;
    out.value = true;
    if (each.bracket == '[') continue;
    path += (path.empty() ? "" : ".") + std::string(each.key);
    Brackets here = brackets;
    here.open.erase(here.open.begin() + static_cast<std::ptrdiff_t>(i) + 1, here.open.end());
    const GroupDoc* group = path == "fs" ? inline_op(here) : table_or_list(path);
    if (group == nullptr && path != "fs") return;
    out.fs = path == "fs";
    out.group = group;
    if (i + 1 < brackets.open.size()) continue;
    const std::size_t stop = brackets.equals != 0 ? brackets.equals : brackets.text.find_first_of("=,}\n", offset);
    const bool keyed = stop != std::string_view::npos && brackets.text[stop] == '=';
    out.key = keyed ? trimmed(brackets.text.substr(brackets.entry, stop - brackets.entry)) : std::string_view{};
    out.value = brackets.equals != 0;
  }
}

}  // namespace

Cursor cursor_at(const SourceFile& file, std::uint32_t offset) {
  Cursor out;
  const std::string_view text = file.text();
  const std::uint32_t line = file.position(offset).line;
  std::uint32_t first = 0;  // the header's line; 0: the top level
  for (std::uint32_t i = line; i >= 1 && first == 0; --i)
    if (!header_of(file.line_text(i)).empty()) first = i;
  const std::string_view header = first == 0 ? std::string_view{} : header_of(file.line_text(first));
  out.header = first == line;
  out.opens_header = trimmed(file.line_text(line)).starts_with('[');
  out.fs = header == "fs";
  if (out.fs)
    for (std::uint32_t i = first + 1; i <= file.line_count() && header_of(file.line_text(i)).empty() && out.group == nullptr; ++i)
      out.group = group_doc(key_of(file.line_text(i)), GroupDoc::Kind::Op);
  else out.group = table_or_list(header);

  const std::uint32_t begin = file.line_start(line), end = begin + static_cast<std::uint32_t>(file.line_text(line).size());
  find_string(text, begin, end, offset, out);
  out.key = key_of(file.line_text(line));
  out.value = !out.key.empty() && offset - begin > file.line_text(line).find('=');
  if (!out.header) {
    Brackets brackets{text, first < file.line_count() ? file.line_start(first + 1) : end};
    for (std::uint32_t i = brackets.entry; i < offset;) i = brackets.step(i);
    place_in_brackets(brackets, header, offset, out);
  }
  const auto part = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '@' || c == ':'; };
  out.word_begin = out.word_end = offset;
  while (out.word_begin > begin && part(text[out.word_begin - 1])) --out.word_begin;
  while (out.word_end < end && part(text[out.word_end])) ++out.word_end;
  out.word = text.substr(out.word_begin, out.word_end - out.word_begin);
  return out;
}

}  // namespace immure
