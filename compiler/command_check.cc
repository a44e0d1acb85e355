// `immure check`: judge many files at once, say what was found in each in their order, then the sum.
//
// A profile's text lives as long as it is judged. What was found in it, as values of its own (findings.h), goes to the one thread that counts and
// prints. That one also drops what is repeated (two profiles over one fragment) and what the baseline knows.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>
#include <thread>

#include "compiler/allowances.h"
#include "compiler/baseline.h"
#include "compiler/check_report.h"
#include "compiler/commands.h"
#include "compiler/diag_text.h"
#include "compiler/find_profiles.h"
#include "compiler/in_order.h"
#include "compiler/large_heap.h"
#include "compiler/output_file.h"
#include "compiler/pipeline.h"

namespace immure {
namespace {

constexpr std::size_t kMostShown = 200;  // findings of one file for people: nobody reads on, and a hostile file has a million
constexpr std::size_t kBuffer = std::size_t{1} << 16;

/// What one file came to.
struct Verdict {
  Kind kind = Kind::Profile;
  bool unreadable = false;
  std::vector<Finding> findings;
  std::vector<std::string> excerpts;  // for people, of the first of them
};

/// `alone`: no other file is judged, now or later.
Verdict judge_one(const Options& options, const Candidate& candidate, bool colour, bool alone) {
  Session session{options, {}, {}};
  Verdict out;
  const FileText text = read_file(candidate.path, kMaxFileBytes);
  out.unreadable = text.error != 0;
  const bool meant = candidate.named && !options.skip_others;
  if (!meant && text.error == 0) out.kind = kind_of(text.text);
  if (out.kind == Kind::Other) return out;
  if (alone) expect_text(text.text.size());
  (void)judge_text(session, candidate.path, text, out.kind == Kind::Fragment ? Part::Fragment : Part::Profile);
  session.diags.remove([&](const Diagnostic& diag) { return std::find(options.allow.begin(), options.allow.end(), info(diag.code).id) != options.allow.end(); });
  out.findings = findings(session.diags, session.sources, 0);
  if (options.format == DiagnosticFormat::Human) out.excerpts = render_each(session.diags, session.sources, colour, kMostShown);
  return out;
}

/// The forms for programs; people get excerpts of the source.
std::unique_ptr<CheckReport> report_as(DiagnosticFormat format) {
  switch (format) {
    case DiagnosticFormat::Human: break;
    case DiagnosticFormat::Json: return json_report();
    case DiagnosticFormat::Sarif: return sarif_report();
    case DiagnosticFormat::Github: return github_report();
  }
  return nullptr;
}

class Check {
 public:
  explicit Check(const Options& options) : options_(options), report_(report_as(options.format)), colour_(wants_colour(2)), written_(options.new_baseline) {}

  int run() {
    if (!read_baseline()) return kUsageOrIo;
    const Candidates candidates = find_candidates(options_.files);
    for (const std::string& message : candidates.unreadable) complain(message);
    unreadable_ = !candidates.unreadable.empty();
    several_ = candidates.files.size() != 1 || !candidates.files[0].named;
    if (report_) say(report_->head());
    const std::size_t jobs = options_.jobs != 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
    in_order<Verdict>(
        candidates.files.size(), jobs, [&](std::size_t i) { return judge_one(options_, candidates.files[i], colour_, candidates.files.size() == 1); },
        [&](const Verdict& verdict) { take(verdict); });
    finish();
    return status();
  }

 private:
  const Options& options_;
  std::unique_ptr<CheckReport> report_;
  const bool colour_;
  Baseline written_;
  std::optional<Baseline> known_;
  CheckTotals totals_;
  std::set<std::string> seen_;  // what was found in fragments
  bool unreadable_ = false, several_ = false;
  std::string buffer_;
  int output_status_ = kClean;

  bool read_baseline() {
    if (options_.baseline.empty()) return true;
    const FileText file = read_file(options_.baseline, kMaxFileBytes);
    std::string why = file.error != 0 ? std::strerror(file.error) : "";
    if (file.error == 0) known_ = Baseline::read(options_.baseline, file.text, why);
    if (!known_) complain("cannot use the baseline `" + options_.baseline + "`: " + why);
    return known_.has_value();
  }

  // ---- one file ----

  void take(const Verdict& verdict) {
    unreadable_ = unreadable_ || verdict.unreadable;
    if (verdict.kind == Kind::Profile) ++totals_.profiles;
    if (verdict.kind == Kind::Fragment) ++totals_.fragments;
    std::size_t hidden = 0;
    for (std::size_t i = 0; i < verdict.findings.size(); ++i) {
      const Finding& finding = verdict.findings[i];
      if (repeated(finding) || known(finding)) continue;
      ++totals_.found[static_cast<std::size_t>(info(finding.code).severity)];
      if (report_) say(report_->finding(finding));
      else if (i < verdict.excerpts.size()) say(verdict.excerpts[i]);
      else ++hidden;
    }
    if (hidden != 0 && !report_) say("and " + std::to_string(hidden) + " more\n\n");
  }

  /// What stands in a fragment is found again by each profile that extends it.
  bool repeated(const Finding& finding) {
    if (finding.in_main) return false;
    const std::string file = std::filesystem::path(finding.place.file).lexically_normal().string();  // `b/../base.toml` is `base.toml`
    const std::string key = file + '\0' + std::to_string(finding.place.offset) + '\0' + std::string(info(finding.code).id) + finding.message;
    return !seen_.insert(key).second;
  }

  bool known(const Finding& finding) {
    if (!options_.new_baseline.empty()) written_.add(finding);
    const bool silent = info(finding.code).severity == Severity::Error || may_be_silenced(finding.code);
    if (!known_ || !silent || !known_->take(finding)) return false;
    ++totals_.known;
    return true;
  }

  // ---- the end ----

  void finish() {
    if (report_) say(report_->foot(totals_));
    flush();
    if (!report_) summarise();
    const bool nothing = totals_.profiles + totals_.fragments == 0 && !options_.skip_others && !unreadable_;
    if (nothing) complain("there is no profile in " + options_.files[0] + (options_.files.size() > 1 ? " and the others" : ""));
    unreadable_ = unreadable_ || nothing;
    if (options_.new_baseline.empty()) return;
    Diagnostics failure;
    if (write_output(options_.new_baseline, written_.text(), 0644, {}, failure)) return;
    (void)!write_all(2, render_human(failure, {}, colour_));
    output_status_ = kUsageOrIo;
  }

  void summarise() const {
    const std::string found = summary(totals_.found);
    std::string line = found;
    if (several_ && totals_.profiles + totals_.fragments != 0) {
      line = counted(totals_.profiles, "profile");
      if (totals_.fragments != 0) line += " and " + counted(totals_.fragments, "fragment");
      line += ": " + (found.empty() ? "clean" : found);
    }
    if (totals_.known != 0) line += (line.empty() ? "" : ", ") + std::to_string(totals_.known) + " in the baseline";
    if (known_ && known_->left() != 0) line += (line.empty() ? "" : "; ") + std::to_string(known_->left()) + " of the baseline are mended: write it anew with --write-baseline";
    if (!line.empty()) (void)!write_all(2, line + '\n');
  }

  int status() const {
    if (unreadable_) return kUsageOrIo;
    const bool found = totals_.of(Severity::Error) != 0 || (options_.deny_warnings && totals_.of(Severity::Warning) != 0);
    return std::max(found && options_.new_baseline.empty() ? kHasErrors : kClean, output_status_);
  }

  /// For people on standard error, for programs on standard output.
  void say(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kBuffer) flush();
  }
  void flush() {
    if (report_) output_status_ = std::max(output_status_, buffer_.empty() || output_status_ != kClean ? kClean : print(buffer_));
    else (void)!write_all(2, buffer_);
    buffer_.clear();
  }
};

}  // namespace

int check_files(Session& session) { return Check(session.options).run(); }

}  // namespace immure
