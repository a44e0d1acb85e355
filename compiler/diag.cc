// The catalogue as a table, and the sink that passes report into.
#include "compiler/diag.h"

#include <algorithm>
#include <utility>

namespace immure {
namespace {
constexpr Severity severity_of(std::string_view id) { return id[0] == 'E' ? Severity::Error : id[0] == 'W' ? Severity::Warning : Severity::Note; }
}  // namespace

const std::vector<CodeInfo>& catalogue() {
  static const std::vector<CodeInfo> kCatalogue = {
#define DIAGNOSTIC(name, code, cls, title, story, failing, mended) {Code::name, code, severity_of(code), Class::cls, title, story, failing, mended},
#include "schema/diagnostics.def"
  };
  return kCatalogue;
}

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
  }
  return "";
}

const CodeInfo& info(Code code) { return catalogue()[static_cast<std::size_t>(code)]; }

std::optional<Code> code_of(std::string_view id) {
  for (const CodeInfo& row : catalogue())
    if (row.id == id) return row.code;
  return std::nullopt;
}

Diagnostic& Diagnostic::label(Span at, std::string text) {
  labels.push_back({at, std::move(text)});
  return *this;
}
Diagnostic& Diagnostic::help(std::string text) {
  helps.push_back(std::move(text));
  return *this;
}
Diagnostic& Diagnostic::fix(Span at, std::string replacement, std::string title) {
  fixes.push_back({at, std::move(replacement), std::move(title)});
  return *this;
}

Diagnostic& Diagnostics::add(Code code, Span span, std::string message) {
  count(code);
  all_.push_back({code, span, std::move(message), {}, {}, {}});
  return all_.back();
}

void Diagnostics::remove(const std::function<bool(const Diagnostic&)>& unwanted) {
  std::erase_if(all_, unwanted);
  errors_ = warnings_ = 0;
  for (const Diagnostic& diag : all_) count(diag.code);
}

void Diagnostics::count(Code code) {
  errors_ += info(code).severity == Severity::Error;
  warnings_ += info(code).severity == Severity::Warning;
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = all_;
  const auto before = [](const Diagnostic& a, const Diagnostic& b) { return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin); };
  std::stable_sort(result.begin(), result.end(), before);
  // A fault that two paths of a pass meet stands at one place, so the copies are neighbours now, up to others at the same place.
  std::vector<Diagnostic> once;
  for (Diagnostic& next : result) {
    bool repeated = false;
    for (auto seen = once.rbegin(); seen != once.rend() && seen->span.file == next.span.file && seen->span.begin == next.span.begin; ++seen)
      repeated = repeated || (seen->code == next.code && seen->span == next.span && seen->message == next.message);
    if (!repeated) once.push_back(std::move(next));
  }
  return once;
}

}  // namespace immure
