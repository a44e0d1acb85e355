// One run of the command: its options, the sources that it read, what it found out about them; and the command's only ways to read and to speak.
//
// The compiler's files are read here and nowhere else; they are written in output_file.cc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/cli.h"
#include "compiler/diag.h"
#include "compiler/resolve.h"
#include "compiler/source.h"

namespace immure {

/// Exit statuses of the command (DESIGN 5). The larger of two is the one to end with.
inline constexpr int kClean = 0, kHasErrors = 1, kUsageOrIo = 2;

struct Session {
  const Options& options;
  Sources sources;
  Diagnostics diags;
  bool unreadable = false;  // a file named on the command line could not be read

  /// kClean, kHasErrors or kUsageOrIo, from what was found so far.
  int status() const;
  /// The names of all files that were read.
  std::vector<std::string> inputs() const;
};

/// Reads at most a little more than `limit` bytes.
FileText read_file(const std::string& path, std::size_t limit);

/// `immure: MESSAGE` on standard error.
void complain(const std::string& message);
/// To standard output; what cannot be written there is an error like any other. Returns the exit status.
int print(std::string_view text);
bool wants_colour(int fd);
/// All diagnostics of the session, for people, on standard error.
void report(const Session& session);
/// The one way out for what a command produces: to `--output`, or to standard output. Bytes that are no text are not poured onto a terminal. Returns the exit status.
int deliver(const Session& session, std::string_view bytes, unsigned mode, bool text);

}  // namespace immure
