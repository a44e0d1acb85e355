// `immure check --format github`: workflow commands, which GitHub shows as annotations at the lines of a pull request.
//
// A command is one line, `::error file=F,line=N,…::MESSAGE`; what would end it or one of its parts is written as %XX.
#include "compiler/check_report.h"

namespace immure {
namespace {

std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') out += "%25";
    else if (c == '\r') out += "%0D";
    else if (c == '\n') out += "%0A";
    else if (property && c == ':') out += "%3A";
    else if (property && c == ',') out += "%2C";
    else out += c;
  }
  return out;
}

std::string body(const Finding& finding) {
  std::string text = finding.message;
  for (const Finding::Label& label : finding.labels)
    if (label.place.known()) text += "\n" + label.place.file + ":" + std::to_string(label.place.begin.line) + ": " + label.text;
  for (const Finding::Fix& fix : finding.fixes) text += "\nhelp: " + fix.title;
  for (const std::string& help : finding.helps) text += "\nhelp: " + help;
  return text;
}

class GithubReport : public CheckReport {
 public:
  std::string head() override { return ""; }
  std::string finding(const Finding& finding) override {
    const CodeInfo& about = info(finding.code);
    std::string out = about.severity == Severity::Note ? "::notice " : "::" + std::string(name_of(about.severity)) + ' ';
    if (finding.place.known()) {
      const Spot &begin = finding.place.begin, &end = finding.place.end;
      out += "file=" + escaped(finding.place.file, true) + ",line=" + std::to_string(begin.line) + ",endLine=" + std::to_string(end.line);
      // GitHub takes columns only of a place in one line
      if (begin.line == end.line) out += ",col=" + std::to_string(begin.letter) + ",endColumn=" + std::to_string(end.letter);
      out += ",";
    }
    return out + "title=" + escaped(about.id, true) + " " + escaped(about.title, true) + "::" + escaped(body(finding), false) + "\n";
  }
  std::string foot(const CheckTotals&) override { return ""; }
};

}  // namespace

std::unique_ptr<CheckReport> github_report() { return std::make_unique<GithubReport>(); }

}  // namespace immure
