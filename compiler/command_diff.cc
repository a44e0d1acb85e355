// `immure diff`: what a change grants or takes; the exit status is what gates a review.
#include <algorithm>

#include "compiler/commands.h"
#include "compiler/diff.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

/// What diff compares of a profile.
struct Side {
  Judged judged;
  std::optional<ResolvedPolicy> filter;
  Compared compared() const { return {*judged.profile, *judged.view, filter}; }
};

std::optional<Side> side(Session& session, const std::string& path) {
  Side out{judge(session, path), {}};
  if (!out.judged.view || session.diags.has_errors()) return std::nullopt;
  if (const std::optional<SyscallPolicy> policy = program_policy(*out.judged.profile)) out.filter = resolve_numbers(*policy);
  return out;
}

}  // namespace

int diff_profiles(Session& session) {
  const std::optional<Side> before = side(session, session.options.files[0]), after = side(session, session.options.files[1]);
  if (!before || !after) {
    report(session);
    return session.status();
  }
  const std::vector<Change> changes = diff(before->compared(), after->compared(), session.sources, syscall_name);
  const int status = print(session.options.json ? diff_json(changes, session.sources) : diff_text(changes, session.sources, wants_colour(1)));
  return std::max(status, grants(changes) ? kHasErrors : kClean);
}

}  // namespace immure
