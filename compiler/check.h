// Rules across keys, entries and tables (DESIGN 4.1, 4.2): what one value alone cannot tell. Of a resolved profile and its view.
//
// One small function per rule, in files by subject: check_program.cc and check_needs.cc ask the view, check_rooms.cc counts what it holds, check_overlay.cc and
// check_mounts.cc compare paths by their text, check_secrets.cc knows what rarely should be seen, check_policy.cc is about namespaces, the filter and the session,
// check_process.cc about how the program is run and what else confines it.
#pragma once

#include "compiler/diag.h"
#include "compiler/profile.h"
#include "compiler/view.h"

namespace immure {

void check(const Profile& profile, const View& view, Diagnostics& diags);

}  // namespace immure
