// The immure command: which subcommand is it, and what is left when one gives up. What each does stands in command_*.cc, the list of passes in pipeline.cc.
//
// Exit status: 0 clean, 1 the input has errors, 2 wrong usage or a file that cannot be read or written.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <new>

#include "compiler/commands.h"
#include "compiler/output_file.h"

namespace immure {
namespace {

int dispatch(Session& session) {
  switch (session.options.command) {
    case Command::Check: return check_files(session);
    case Command::Build: return build_launcher(session);
    case Command::Run: return run_launcher(session);
    case Command::View: return view_profile(session);
    case Command::Diff: return diff_profiles(session);
    case Command::Inspect: return inspect_file(session);
    case Command::Emit: return emit_format(session);
    case Command::Import: return import_file(session);
    case Command::Explain: return explain_topic(session);
    case Command::Init: return start_profile(session);
    case Command::Doctor: return examine_host(session);
    case Command::Lsp: return serve_language(session);
  }
  return kUsageOrIo;
}

int say(const Farewell& farewell) {
  (void)!write_all(2, farewell.err);
  return std::max(farewell.status, print(farewell.out));
}

/// A descriptor 0 to 2 that the caller left closed would be given to the next file that is opened, and messages would go into it. What stands in
/// for it cannot be written, so that a closed output is still an error.
void fill_standard_descriptors() {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && fd <= 2) fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd > 2) close(fd);
}

}  // namespace
}  // namespace immure

int main(int argc, char** argv) {
  using namespace immure;
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an errno with a message, not a silent death
  try {
    const std::variant<Options, Farewell> parsed = parse_command_line(argc, argv);
    if (const Farewell* farewell = std::get_if<Farewell>(&parsed)) return say(*farewell);
    Session session{std::get<Options>(parsed), {}, {}};
    return dispatch(session);
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(std::string("internal error: ") + error.what() + "; this is a fault of immure, not of your profile: please report it");
  }
  return kUsageOrIo;
}
