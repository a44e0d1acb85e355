// `immure view`: the tree that the program will see.
#include "compiler/commands.h"
#include "compiler/pipeline.h"
#include "compiler/view_text.h"

namespace immure {

int view_profile(Session& session) {
  const Judged judged = judge(session, session.options.files[0]);
  report(session);
  if (!judged.view || session.diags.has_errors()) return session.status();
  const Options& options = session.options;
  return print(view_text(*judged.profile, *judged.view, session.sources, {options.writable, options.json, wants_colour(1), options.path}));
}

}  // namespace immure
