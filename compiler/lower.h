// Profile and view -> plan: every default explicit, every entry of [[fs]] turned into ops that the launcher carries out without thinking.
//
// What the view has proved is written down for the launcher: a target whose parents are all of this launch's making is kTrusted and needs no lookup, one that is certainly missing
// says what it is to be (kMakeDir, kMakeFile), and missing parents are ops of their own. Where the view does not know, none of these is set and the launcher looks.
// The filters are left empty: they are seccomp.cc's.
#pragma once

#include "compiler/plan.h"
#include "compiler/profile.h"
#include "compiler/view.h"

namespace immure {

Plan lower(const Profile& profile, const View& view, const Sources& sources);

}  // namespace immure
