// The forms in which `check` says what it found, as streams: a head, one text for each finding, a foot. Nothing is kept in between.
//
// A new form is a file report_NAME.cc with a class over this interface, a row in cli.cc and one in command_check.cc.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "compiler/findings.h"

namespace immure {

struct CheckTotals {
  std::size_t profiles = 0, fragments = 0;
  Counts found{};
  std::size_t known = 0;  // in the baseline, so in none of those above
  std::size_t of(Severity severity) const { return found[static_cast<std::size_t>(severity)]; }
};

class CheckReport {
 public:
  virtual ~CheckReport() = default;
  virtual std::string head() = 0;
  virtual std::string finding(const Finding& finding) = 0;
  virtual std::string foot(const CheckTotals& totals) = 0;
};

std::unique_ptr<CheckReport> json_report();
std::unique_ptr<CheckReport> sarif_report();
std::unique_ptr<CheckReport> github_report();

}  // namespace immure
