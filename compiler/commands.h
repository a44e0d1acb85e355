// The subcommands: one function each in command_NAME.cc, which asks the pipeline and shows the result. Each returns the exit status.
#pragma once

#include "compiler/session.h"

namespace immure {

int check_files(Session& session);
int build_launcher(Session& session);
int run_launcher(Session& session);
int view_profile(Session& session);
int diff_profiles(Session& session);
int inspect_file(Session& session);
int emit_format(Session& session);
int import_file(Session& session);
int explain_topic(Session& session);
int explain_call(Session& session);
int start_profile(Session& session);
int examine_host(Session& session);
int serve_language(Session& session);

}  // namespace immure
