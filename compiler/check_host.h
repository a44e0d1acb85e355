// The checks that look at the build host's files: `check --host`, and what `run` and `doctor` ask when a launch fails.
//
// They speak of this machine and this caller: a launcher may run elsewhere, so without `--host` none of this is asked. Launch variables have
// the values of this environment.
#pragma once

#include "compiler/diag.h"
#include "compiler/host.h"
#include "compiler/profile.h"
#include "compiler/view.h"

namespace immure {

void check_host(const Profile& profile, const View& view, const HostFiles& files, Diagnostics& diags);

}  // namespace immure
