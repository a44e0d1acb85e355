// The JSON form of `immure check --format json`: what the human form says, without its drawing. Members are only ever added.
#include "compiler/diag_json.h"

#include "compiler/json.h"

namespace immure {
namespace {

std::string_view name_of(Class cls) {
  switch (cls) {
    case Class::Shape: return "shape";
    case Class::Launch: return "launch";
    case Class::Meaning: return "meaning";
    case Class::Advice: return "advice";
    case Class::Output: return "output";
  }
  return "";
}

/// Null for what has no place in a file.
Json place(const Span& span, const Sources& sources) {
  if (!span.known()) return nullptr;
  const SourceFile& file = sources.file(span.file);
  const Position begin = file.position(span.begin), end = file.position(span.end);
  return {{"file", file.name()},
          {"line", begin.line},
          {"column", begin.column},
          {"endLine", end.line},
          {"endColumn", end.column},
          {"offset", span.begin},
          {"endOffset", span.end}};
}

Json object(const Diagnostic& diagnostic, const Sources& sources) {
  const CodeInfo& about = info(diagnostic.code);
  Json out = {{"code", about.id},
              {"severity", about.severity == Severity::Error ? "error" : "warning"},
              {"class", name_of(about.cls)},
              {"title", about.title},
              {"message", diagnostic.message},
              {"place", place(diagnostic.span, sources)}};
  out["labels"] = Json::array();
  for (const Label& label : diagnostic.labels) out["labels"].push_back({{"text", label.text}, {"place", place(label.span, sources)}});
  out["helps"] = diagnostic.helps;
  out["fixes"] = Json::array();
  for (const FixIt& fix : diagnostic.fixes)
    out["fixes"].push_back({{"title", fix.title}, {"replacement", fix.replacement}, {"place", place(fix.span, sources)}});
  return out;
}

}  // namespace

std::string render_json(const Diagnostics& diags, const Sources& sources) {
  Json out;
  out["diagnostics"] = Json::array();
  for (const Diagnostic& diagnostic : diags.sorted()) out["diagnostics"].push_back(object(diagnostic, sources));
  out["errors"] = diags.errors();
  out["warnings"] = diags.warnings();
  return json_text(out);
}

}  // namespace immure
