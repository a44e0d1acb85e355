// See lsp_answers.h.
#include "compiler/lsp_answers.h"

#include <filesystem>

#include "compiler/embedded.h"
#include "compiler/find_profiles.h"
#include "compiler/key_docs.h"
#include "compiler/lsp_cursor.h"
#include "compiler/lsp_text.h"
#include "compiler/syscalls.h"
#include "compiler/view_text.h"

namespace immure {
namespace {

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
  Json out = {{"range", here ? lsp_range(file, diag.span.begin, diag.span.end) : lsp_range(file, 0, 0)},
              {"severity", severity(info(diag.code).severity)},
              {"code", info(diag.code).id},
              {"source", "immure"},
              {"message", elsewhere + message_of(diag)}};
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
  const auto shown = [&](std::string text, std::uint32_t begin, std::uint32_t end) {
    return Json{{"contents", markdown(std::move(text))}, {"range", lsp_range(*file, begin, end)}};
  };
  if (at.header) return at.group != nullptr ? shown(describe(*at.group), at.word_begin, at.word_end) : Json(nullptr);
  if (at.value && at.in_string && at.string.starts_with("immure:"))
    if (const auto fragment = embedded_fragment(at.string.substr(7))) return shown("```toml\n" + std::string(*fragment) + "```", at.string_begin, at.string_end);
  if (at.value && at.in_string && at.string.starts_with('/') && is_view_path(at) && document.judged.view)
    return shown("```\n" + view_text(*document.judged.profile, *document.judged.view, document.session->sources, {false, false, false, std::string(at.string)}) + "```",
                 at.string_begin, at.string_end);
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
    if (at.opens_header) add_headers(word, out);
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
      out.push_back({{"title", fix.title},
                     {"kind", "quickfix"},
                     {"isPreferred", diag.fixes.size() == 1},
                     {"diagnostics", Json::array({diagnostic(document, *file, diag)})},
                     {"edit", {{"changes", changes}}}});
    }
  }
  return out;
}

}  // namespace immure
