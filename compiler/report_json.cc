// `immure check --format json`: what the human form says, without its drawing. schema/diagnostics.schema.json describes it; members are only ever added.
#include "compiler/check_report.h"
#include "compiler/json.h"

namespace immure {
namespace {

std::string_view name_of(Class cls) {
  switch (cls) {
    case Class::Shape: return "shape";
    case Class::Launch: return "launch";
    case Class::Meaning: return "meaning";
    case Class::Advice: return "advice";
    case Class::Remark: return "remark";
    case Class::Output: return "output";
  }
  return "";
}

/// Null for what has no place in a file.
Json place(const Place& place) {
  if (!place.known()) return nullptr;
  return {{"file", place.file},     {"line", place.begin.line},     {"column", place.begin.column}, {"endLine", place.end.line}, {"endColumn", place.end.column},
          {"offset", place.offset}, {"endOffset", place.end_offset}};
}

Json object(const Finding& finding) {
  const CodeInfo& about = info(finding.code);
  Json out = {{"code", about.id},     {"severity", name_of(about.severity)}, {"class", name_of(about.cls)},
              {"title", about.title}, {"message", finding.message},          {"place", place(finding.place)}};
  out["labels"] = Json::array();
  for (const Finding::Label& label : finding.labels) out["labels"].push_back({{"text", label.text}, {"place", place(label.place)}});
  out["helps"] = finding.helps;
  out["fixes"] = Json::array();
  for (const Finding::Fix& fix : finding.fixes) out["fixes"].push_back({{"title", fix.title}, {"replacement", fix.replacement}, {"place", place(fix.place)}});
  return out;
}

/// One finding a line: a whole run can be read by eye and by line.
class JsonReport : public CheckReport {
 public:
  std::string head() override { return "{\n\"version\": 1,\n\"diagnostics\": ["; }
  std::string finding(const Finding& finding) override {
    const std::string separator = first_ ? "\n" : ",\n";
    first_ = false;
    return separator + json_line(object(finding));
  }
  std::string foot(const CheckTotals& totals) override {
    const auto member = [](const char* name, std::size_t count) { return ",\n\"" + std::string(name) + "\": " + std::to_string(count); };
    return (first_ ? "]" : "\n]") + member("profiles", totals.profiles) + member("fragments", totals.fragments) + member("errors", totals.of(Severity::Error)) +
           member("warnings", totals.of(Severity::Warning)) + member("notes", totals.of(Severity::Note)) + member("known", totals.known) + "\n}\n";
  }

 private:
  bool first_ = true;
};

}  // namespace

std::unique_ptr<CheckReport> json_report() { return std::make_unique<JsonReport>(); }

}  // namespace immure
