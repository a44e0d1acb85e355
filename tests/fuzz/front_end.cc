// Any text as a profile, through everything that the compiler does with one. It must never crash or hang; where there is no launcher at the end there is an
// error that says why; and where there is one, the image holds exactly the plan.
//
// A NUL, which no TOML may hold, ends the profile: what follows is the file that `extends = ["other.toml"]` and `source` would read.
#include <cerrno>
#include <map>
#include <memory>

#include "compiler/allowances.h"
#include "compiler/check.h"
#include "compiler/check_report.h"
#include "compiler/decode_image.h"
#include "compiler/diag_text.h"
#include "compiler/diff.h"
#include "compiler/encode.h"
#include "compiler/find_profiles.h"
#include "compiler/lower.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/resolve.h"
#include "compiler/seccomp.h"
#include "compiler/syscalls.h"
#include "compiler/view_text.h"
#include "schema/image_reader.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/walk.h"

namespace {

using namespace immure;

struct Files {
  std::string profile, other;
  FileText operator()(const std::string& path) const {
    if (path.ends_with("profile.toml")) return {profile, 0};
    return path.ends_with("/missing") ? FileText{{}, ENOENT} : FileText{other, 0};
  }
};

Files split(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = all.find('\0');
  return end == std::string::npos ? Files{all, {}} : Files{all.substr(0, end), all.substr(end + 1)};
}

/// Equal policies have equal keys. Where in the profile a rule stands does not matter.
std::string key_of(const SyscallPolicy& policy) {
  std::string key = std::to_string(static_cast<int>(policy.shape)) + (policy.compat ? "c" : "n") + std::to_string(return_word(policy.fallback));
  for (const Arch arch : policy.archs) key += 'a' + std::to_string(static_cast<int>(arch));
  for (const SyscallRule& rule : policy.rules) {
    key += '\n' + rule.syscall + ' ' + std::to_string(return_word(rule.action)) + (rule.exact ? "x" : "");
    for (const ArgTest& test : rule.args)
      key += ' ' + std::to_string(test.index) + ':' + std::to_string(test.mask) + ':' + std::to_string(test.lo) + ':' + std::to_string(test.hi) + (test.negated ? "!" : "");
  }
  return key;
}

/// Compiling and proving a filter takes longer than all the rest, and most inputs share one.
std::optional<BpfProgram> filter_once(Session& session, const SyscallPolicy& policy, Span place) {
  static std::map<std::string, BpfProgram> made;
  const std::string key = key_of(policy);
  if (const auto found = made.find(key); found != made.end()) return found->second;
  std::optional<BpfProgram> filter = filter_of(session, policy, place);
  if (made.size() > 500) made.clear();
  if (filter) made.emplace(key, *filter);
  return filter;
}

/// In every format of `immure check`.
void render(const Session& session) {
  (void)render_human(session.diags, session.sources, true);
  const std::vector<Finding> found = findings(session.diags, session.sources, 0);
  for (const std::unique_ptr<CheckReport>& report : {json_report(), sarif_report(), github_report()}) {
    std::string all = report->head();
    for (const Finding& finding : found) all += report->finding(finding);
    all += report->foot({});
    require(!all.starts_with("{") || fuzz::is_json(all), "a report as JSON is JSON");
  }
}

void show(const Session& session, const Profile& profile, const View& view, const std::optional<ResolvedPolicy>& filter) {
  (void)view_text(profile, view, session.sources, {});
  require(fuzz::is_json(view_text(profile, view, session.sources, {false, true, false, {}})), "a view as JSON is JSON");
  const Compared compared{profile, view, filter};
  require(diff(compared, compared, session.sources, syscall_name).empty(), "a profile does not differ from itself");
}

void encode_and_back(Session& session, const Plan& plan) {
  const std::string image = encode(plan, session.diags);
  if (image.empty()) return require(session.diags.has_errors(), "a plan that is not encoded has an error");
  wire::Reader reader;
  require(wire::Reader::verify(reinterpret_cast<const unsigned char*>(image.data()), image.size(), reader) == nullptr, "the reader accepts what is encoded");
  require(decode_image(reader) == plan, "what is decoded is what was encoded");
}

void compile_text(Session& session, const Files& files) {
  const std::optional<Profile> profile = load_profile("profile.toml", session.sources, files, session.diags);
  if (!profile) return require(session.diags.has_errors(), "a profile that does not load has an error");
  const View view = simulate(*profile, session.diags);
  check(*profile, view, session.diags);
  if (session.diags.has_errors()) return;
  Plan plan = lower(*profile, view, session.sources);
  std::optional<ResolvedPolicy> resolved;
  if (const std::optional<SyscallPolicy> policy = program_policy(*profile)) {
    resolved = resolve_numbers(*policy);
    const std::optional<BpfProgram> filter = filter_once(session, *policy, profile->seccomp.optimize.span);
    if (!filter) return require(session.diags.has_errors(), "a filter that is not made has an error");
    plan.filter = *filter;
  }
  plan.init_filter = *filter_once(session, init_policy(), {});
  show(session, *profile, view, resolved);
  encode_and_back(session, plan);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Options options;
  Session session{options, {}, {}};
  const Files files = split(data, size);
  (void)kind_of(files.profile);
  compile_text(session, files);
  if (session.sources.size() != 0) apply_allowances(session.sources, 0, false, !session.diags.has_errors(), session.diags);
  render(session);
  return 0;
}
