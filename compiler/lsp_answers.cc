// Where the cursor is, is told from the lines around it and not from the parsed text, because somebody who asks for a completion is in the middle of writing: the last header above it
// names the table, the lines of an [[fs]] entry name its op, and what stands before the cursor on its own line tells a key from a value.
#include "compiler/lsp_answers.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "compiler/embedded.h"
#include "compiler/find_profiles.h"
#include "compiler/key_docs.h"
#include "compiler/lsp_text.h"
#include "compiler/syscalls.h"
#include "compiler/view_text.h"

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

struct Cursor {
  const GroupDoc* group = nullptr;  // the table, list or op; nothing where it is unknown
  bool fs = false;                  // in an [[fs]] entry
  bool header = false;              // on a header
  std::string_view key;             // of the line, or of the line that opened the list it is in
  bool value = false;               // behind the `=`
  std::string_view string;          // the string that it is in, without its quotes
  std::uint32_t string_begin = 0, string_end = 0;
  bool in_string = false;
  std::uint32_t word_begin = 0, word_end = 0;
  std::string_view word;            // letters, digits and `-` around it
};

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

Cursor cursor_at(const SourceFile& file, std::uint32_t offset) {
  Cursor out;
  const std::string_view text = file.text();
  const std::uint32_t line = file.position(offset).line;
  std::uint32_t first = 0;  // the header's line; 0: the top level
  for (std::uint32_t i = line; i >= 1 && first == 0; --i)
    if (!header_of(file.line_text(i)).empty()) first = i;
  const std::string_view header = first == 0 ? std::string_view{} : header_of(file.line_text(first));
  out.header = first == line;
  out.fs = header == "fs";
  if (out.fs)
    for (std::uint32_t i = first + 1; i <= file.line_count() && header_of(file.line_text(i)).empty() && out.group == nullptr; ++i)
      out.group = group_doc(key_of(file.line_text(i)), GroupDoc::Kind::Op);
  else if ((out.group = group_doc(header, GroupDoc::Kind::Table)) == nullptr) out.group = group_doc(header, GroupDoc::Kind::List);

  const std::uint32_t begin = file.line_start(line), end = begin + static_cast<std::uint32_t>(file.line_text(line).size());
  const std::string_view before = text.substr(begin, offset - begin);
  find_string(text, begin, end, offset, out);
  out.key = key_of(file.line_text(line));
  const std::size_t equals = file.line_text(line).find('=');
  out.value = !out.key.empty() && before.size() > equals;
  // A list over several lines: the last line above with a key has the `[` that is still open.
  if (out.key.empty() && !out.header)
    for (std::uint32_t i = line - 1; i > first; --i) {
      const std::string_view above = file.line_text(i);
      if (key_of(above).empty()) continue;
      const bool open = above.find('[') != std::string_view::npos && text.substr(file.line_start(i), offset - file.line_start(i)).rfind(']') == std::string_view::npos;
      if (open) out.key = key_of(above);
      out.value = open;
      break;
    }
  const auto part = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '@' || c == ':'; };
  out.word_begin = out.word_end = offset;
  while (out.word_begin > begin && part(text[out.word_begin - 1])) --out.word_begin;
  while (out.word_end < end && part(text[out.word_end])) ++out.word_end;
  out.word = text.substr(out.word_begin, out.word_end - out.word_begin);
  return out;
}

Json markdown(std::string text) { return {{"kind", "markdown"}, {"value", std::move(text)}}; }

const SourceFile* file_of(const LspDocument& document) { return document.session->sources.size() == 0 ? nullptr : &document.session->sources.file(0); }

Json severity(Severity of) { return static_cast<int>(of) + 1; }  // error, warning, information

Json related(const LspDocument& document, const Diagnostic& diag) {
  Json out = Json::array();
  for (const Label& label : diag.labels) {
    if (!label.span.known()) continue;
    const SourceFile& file = document.session->sources.file(label.span.file);
    const std::string uri = label.span.file == 0 ? document.uri : uri_of_path(file.name());
    out.push_back({{"location", {{"uri", uri}, {"range", lsp_range(file, label.span.begin, label.span.end)}}}, {"message", label.text}});
  }
  return out;
}

std::string message_of(const Diagnostic& diag) {
  std::string out = diag.message;
  for (const std::string& help : diag.helps) out += "\nhelp: " + help;
  return out;
}

/// One of another file is told where the text names that file: at its beginning.
Json diagnostic(const LspDocument& document, const SourceFile& file, const Diagnostic& diag) {
  const bool here = diag.span.known() && diag.span.file == 0;
  const std::string elsewhere = here || !diag.span.known() ? "" : document.session->sources.file(diag.span.file).name() + ": ";
  Json out = {{"range", here ? lsp_range(file, diag.span.begin, diag.span.end) : lsp_range(file, 0, 0)}, {"severity", severity(info(diag.code).severity)},
              {"code", info(diag.code).id}, {"source", "immure"}, {"message", elsewhere + message_of(diag)}};
  if (Json places = related(document, diag); !places.empty()) out["relatedInformation"] = std::move(places);
  return out;
}

Json item(std::string_view label, std::string_view insert, int kind, std::string_view about, const Json& range) {
  Json out = {{"label", label}, {"kind", kind}, {"textEdit", {{"range", range}, {"newText", insert}}}};
  if (!about.empty()) out["documentation"] = markdown(std::string(about));
  return out;
}
constexpr int kProperty = 10, kEnumMember = 20, kFunction = 3, kModule = 9;

void add_keys(const GroupDoc& group, const Json& range, Json& out) {
  for (const KeyDoc& key : group.keys) out.push_back(item(key.name, std::string(key.name) + " = ", kProperty, describe(group, key), range));
}

void add_words(const std::vector<WordDoc>& words, bool quoted, int kind, const Json& range, Json& out) {
  for (const WordDoc& word : words) out.push_back(item(word.word, quoted ? '"' + std::string(word.word) + '"' : std::string(word.word), kind, word.about, range));
}

void add_headers(const Json& range, Json& out) {
  for (const GroupDoc& group : group_docs()) {
    if (group.name.empty() || group.kind == GroupDoc::Kind::Op) continue;
    const std::string text = group.kind == GroupDoc::Kind::Table ? '[' + std::string(group.name) + ']' : "[[" + std::string(group.name) + "]]";
    out.push_back(item(text, text, kModule, group.about, range));
  }
  out.push_back(item("[[fs]]", "[[fs]]", kModule, "One operation that builds the filesystem", range));
}

/// Whether `name` is a key whose value is a path of the view.
bool is_view_path(const Cursor& cursor) {
  if (cursor.group == nullptr) return false;
  if (cursor.group->kind == GroupDoc::Kind::Op && cursor.key == cursor.group->name) return true;
  const KeyDoc* key = key_doc(*cursor.group, cursor.key);
  return key != nullptr && key->value.find("inside the sandbox") != std::string_view::npos;
}

}  // namespace

LspDocument open_document(std::string uri, std::string text) {
  LspDocument out;
  out.path = path_of_uri(uri);
  out.uri = std::move(uri);
  out.text = std::move(text);
  static const Options kOptions;
  out.session = std::make_unique<Session>(Session{kOptions, {}, {}});
  out.judged = judge_text(*out.session, out.path, {out.text, 0}, kind_of(out.text) == Kind::Fragment ? Part::Fragment : Part::Profile);
  out.found = out.session->diags.sorted();
  return out;
}

Json lsp_diagnostics(const LspDocument& document) {
  Json list = Json::array();
  if (const SourceFile* file = file_of(document))
    for (const Diagnostic& diag : document.found) list.push_back(diagnostic(document, *file, diag));
  return {{"uri", document.uri}, {"diagnostics", std::move(list)}};
}

Json lsp_hover(const LspDocument& document, const Json& position) {
  const SourceFile* file = file_of(document);
  if (file == nullptr) return nullptr;
  const Cursor at = cursor_at(*file, lsp_offset(*file, position));
  const auto shown = [&](std::string text, std::uint32_t begin, std::uint32_t end) { return Json{{"contents", markdown(std::move(text))}, {"range", lsp_range(*file, begin, end)}}; };
  if (at.header) return at.group != nullptr ? shown(describe(*at.group), at.word_begin, at.word_end) : Json(nullptr);
  if (at.value && at.in_string && at.string.starts_with("immure:"))
    if (const auto fragment = embedded_fragment(at.string.substr(7))) return shown("```toml\n" + std::string(*fragment) + "```", at.string_begin, at.string_end);
  if (at.value && at.in_string && at.string.starts_with('/') && is_view_path(at) && document.judged.view)
    return shown("```\n" + view_text(*document.judged.profile, *document.judged.view, document.session->sources, {false, false, false, std::string(at.string)}) + "```", at.string_begin, at.string_end);
  if (at.group == nullptr) return nullptr;
  if (at.group->kind == GroupDoc::Kind::Op && at.key == at.group->name) return shown(describe(*at.group), at.word_begin, at.word_end);
  const KeyDoc* key = key_doc(*at.group, at.key);
  if (key == nullptr) return nullptr;
  if (at.value)
    for (const WordDoc& word : key->words)
      if (word.word == at.word && !word.about.empty()) return shown("`" + std::string(word.word) + "`: " + std::string(word.about), at.word_begin, at.word_end);
  return shown(describe(*at.group, *key), at.word_begin, at.word_end);
}

Json lsp_completion(const LspDocument& document, const Json& position) {
  Json out = Json::array();
  const SourceFile* file = file_of(document);
  if (file == nullptr) return out;
  const std::uint32_t offset = lsp_offset(*file, position);
  const Cursor at = cursor_at(*file, offset);
  if (at.header) {
    const std::uint32_t line = file->position(offset).line, begin = file->line_start(line);
    add_headers(lsp_range(*file, begin, begin + static_cast<std::uint32_t>(file->line_text(line).size())), out);
    return out;
  }
  const Json word = at.in_string ? lsp_range(*file, at.string_begin, at.string_end) : lsp_range(*file, at.word_begin, at.word_end);
  if (!at.value) {
    if (trimmed(file->line_text(file->position(offset).line)).starts_with('[')) add_headers(word, out);
    if (at.fs && at.group == nullptr)
      for (const GroupDoc& group : group_docs())
        if (group.kind == GroupDoc::Kind::Op) out.push_back(item(group.name, std::string(group.name) + " = ", kProperty, describe(group), word));
    if (at.group != nullptr) add_keys(*at.group, word, out);
    return out;
  }
  const KeyDoc* key = at.group == nullptr ? nullptr : key_doc(*at.group, at.key);
  if (key == nullptr) return out;
  add_words(key->words, !key->bare && !at.in_string, kEnumMember, word, out);
  if (key->name == "syscalls") {
    add_words(syscall_group_docs(), !at.in_string, kModule, word, out);
    for (const std::string& name : syscall_names()) out.push_back(item(name, at.in_string ? name : '"' + name + '"', kFunction, "", word));
  }
  return out;
}

Json lsp_definition(const LspDocument& document, const Json& position) {
  const SourceFile* file = file_of(document);
  if (file == nullptr) return nullptr;
  const Cursor at = cursor_at(*file, lsp_offset(*file, position));
  const bool names_file = at.key == "extends" || at.key == "source" || at.key == "oci";
  if (!at.value || !at.in_string || !names_file || at.string.starts_with("immure:")) return nullptr;
  const std::filesystem::path named{std::string(at.string)};
  const std::string path = (named.is_absolute() ? named : std::filesystem::path(document.path).parent_path() / named).lexically_normal().string();
  return {{"uri", uri_of_path(path)}, {"range", {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 0}, {"character", 0}}}}}};
}

Json lsp_code_actions(const LspDocument& document, const Json& range) {
  Json out = Json::array();
  const SourceFile* file = file_of(document);
  if (file == nullptr || !range.is_object() || !range.contains("start") || !range.contains("end")) return out;
  const std::uint32_t begin = lsp_offset(*file, range["start"]), end = lsp_offset(*file, range["end"]);
  for (const Diagnostic& diag : document.found) {
    if (!diag.span.known() || diag.span.file != 0 || diag.span.begin > end || diag.span.end < begin) continue;
    for (const FixIt& fix : diag.fixes) {
      if (fix.span.file != 0) continue;
      Json changes;
      changes[document.uri] = Json::array({{{"range", lsp_range(*file, fix.span.begin, fix.span.end)}, {"newText", fix.replacement}}});
      out.push_back({{"title", fix.title}, {"kind", "quickfix"}, {"isPreferred", diag.fixes.size() == 1}, {"diagnostics", Json::array({diagnostic(document, *file, diag)})}, {"edit", {{"changes", changes}}}});
    }
  }
  return out;
}

}  // namespace immure
