// How the program is run and what confines it beside the view and the filter: [process], [user] run-as, [capabilities], [limits], [cgroup], [landlock], [[daemon]].
// lower.cc has the rest, lower_fs.cc the ops.
#pragma once

#include "compiler/plan.h"
#include "compiler/profile.h"

namespace immure::lowering {

void lower_process(const Profile& profile, const Sources& sources, Plan& plan);

}  // namespace immure::lowering
