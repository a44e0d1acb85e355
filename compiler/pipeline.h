// The list of passes, in the order of the data's way: text -> Profile -> View -> Plan -> image -> launcher. Every command is one of these calls and a way to show its result.
#pragma once

#include <optional>
#include <string>

#include "compiler/plan.h"
#include "compiler/policy.h"
#include "compiler/profile.h"
#include "compiler/session.h"
#include "compiler/view.h"

namespace immure {

/// Text -> profile, judged. Without a profile there is no view; what was found is in the session.
struct Judged {
  std::optional<Profile> profile;
  std::optional<View> view;
};
Judged judge(Session& session, const std::string& path);
/// The same where the text is at hand already (found in a directory, open in an editor); what it extends is read. Of a fragment only what it can show alone.
Judged judge_text(Session& session, const std::string& path, const FileText& text, Part part = Part::Profile);

/// Policy -> BPF, proved. `place`: where the profile speaks of it. Nothing where these rules make no program, which is reported.
std::optional<BpfProgram> filter_of(Session& session, const SyscallPolicy& policy, Span place);

/// Text -> plan; nothing where there were errors.
std::optional<Plan> compile(Session& session, const std::string& path);

/// Text -> launcher; nothing where there were errors.
struct Compiled {
  Plan plan;
  std::string image;
  std::string launcher;
};
std::optional<Compiled> compile_launcher(Session& session, const std::string& path);

}  // namespace immure
