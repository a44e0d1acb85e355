// See check.h.
#include "compiler/check.h"

#include "compiler/check_rules.h"

namespace immure {

void check(const Profile& profile, const View& view, Diagnostics& diags) {
  rules::program(profile, view, diags);
  rules::needs(profile, view, diags);
  rules::mounts(profile, diags);
  rules::sources(profile, diags);
  rules::closed(profile, view, diags);
  rules::overlays(profile, diags);
  rules::rooms(profile, view, diags);
  rules::secrets(profile, diags);
  rules::policy(profile, diags);
  rules::filter(profile, diags);
  rules::process(profile, view, diags);
}

}  // namespace immure
