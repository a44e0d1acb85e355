// `immure check --format sarif`: SARIF 2.1.0 (OASIS), which code scanning services and editors read.
//
// The rules are the whole catalogue with its stories and examples, so that a finding can be understood where it is shown. A rule's place in
// that list is its row's, which is what `ruleIndex` points to. Columns are code points, said by `columnKind`. Files are named as on the command line: relative to
// where it ran, or by a file: URI.
#include "compiler/check_report.h"
#include "compiler/json.h"

namespace immure {
namespace {

std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "/-._~!$&'()*+,;=@";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = path.starts_with('/') ? "file://" : "";
  while (path.starts_with("./")) path.remove_prefix(2);
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kPlain.find(c) != std::string_view::npos;
    if (plain) out += c;
    else out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
  return out;
}

std::string in_fences(std::string_view heading, std::string_view text) { return text.empty() ? "" : "\n\n" + std::string(heading) + "\n\n```toml\n" + std::string(text) + "```"; }

Json rule(const CodeInfo& about) {
  const std::string story(about.story);
  const std::string help = story + in_fences("This gives it:", about.failing) + in_fences("This does not:", about.mended);
  return {{"id", about.id},
          {"shortDescription", {{"text", about.title}}},
          {"fullDescription", {{"text", story}}},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", name_of(about.severity)}}}};
}

Json region(const Place& place) {
  return {{"startLine", place.begin.line}, {"startColumn", place.begin.letter}, {"endLine", place.end.line},
          {"endColumn", place.end.letter}, {"byteOffset", place.offset},        {"byteLength", place.end_offset - place.offset}};
}

Json physical(const Place& place) { return {{"artifactLocation", {{"uri", uri_of(place.file)}}}, {"region", region(place)}}; }

std::string message(const Finding& finding) {
  std::string text = finding.message;
  for (const std::string& help : finding.helps) text += "\nhelp: " + help;
  return text;
}

Json fix_of(const Finding::Fix& fix) {
  const Json replacement = {{"deletedRegion", region(fix.place)}, {"insertedContent", {{"text", fix.replacement}}}};
  const Json change = {{"artifactLocation", {{"uri", uri_of(fix.place.file)}}}, {"replacements", Json::array({replacement})}};
  return {{"description", {{"text", fix.title}}}, {"artifactChanges", Json::array({change})}};
}

Json result(const Finding& finding) {
  const CodeInfo& about = info(finding.code);
  Json out = {{"ruleId", about.id}, {"ruleIndex", static_cast<std::size_t>(finding.code)}, {"level", name_of(about.severity)}, {"message", {{"text", message(finding)}}}};
  if (finding.place.known()) out["locations"] = Json::array({{{"physicalLocation", physical(finding.place)}}});
  std::size_t id = 0;
  for (const Finding::Label& label : finding.labels)
    if (label.place.known()) out["relatedLocations"].push_back({{"id", ++id}, {"physicalLocation", physical(label.place)}, {"message", {{"text", label.text}}}});
  for (const Finding::Fix& fix : finding.fixes)
    if (fix.place.known()) out["fixes"].push_back(fix_of(fix));
  return out;
}

class SarifReport : public CheckReport {
 public:
  std::string head() override {
    Json driver = {{"name", "immure"}, {"version", IMMURE_VERSION}, {"semanticVersion", IMMURE_VERSION}};
    driver["rules"] = Json::array();
    for (const CodeInfo& about : catalogue()) driver["rules"].push_back(rule(about));
    return "{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n\"runs\": [\n{\n\"tool\": "
           "{\"driver\": " +
           json_line(driver) + "},\n\"columnKind\": \"unicodeCodePoints\",\n\"results\": [";
  }
  std::string finding(const Finding& finding) override {
    const std::string separator = first_ ? "\n" : ",\n";
    first_ = false;
    return separator + json_line(result(finding));
  }
  std::string foot(const CheckTotals&) override { return (first_ ? "]" : "\n]") + std::string("\n}\n]\n}\n"); }

 private:
  bool first_ = true;
};

}  // namespace

std::unique_ptr<CheckReport> sarif_report() { return std::make_unique<SarifReport>(); }

}  // namespace immure
