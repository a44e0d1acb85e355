// See session.h.
#include "compiler/session.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "compiler/diag_text.h"
#include "compiler/output_file.h"

namespace immure {

int Session::status() const {
  if (unreadable) return kUsageOrIo;
  return diags.has_errors() || (options.deny_warnings && diags.warnings() != 0) ? kHasErrors : kClean;
}

std::vector<std::string> Session::inputs() const {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < sources.size(); ++i) out.push_back(sources.file(i).name());
  return out;
}

FileText read_file(const std::string& path, std::size_t limit) {
  FileText out;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return {{}, errno};
  char buffer[1 << 16];
  while (out.error == 0 && out.text.size() <= limit) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got == 0) break;
    if (got > 0) out.text.append(buffer, static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR) out.error = errno;
  }
  close(fd);
  return out;
}

void complain(const std::string& message) { (void)!write_all(2, "immure: " + message + '\n'); }

int print(std::string_view text) {
  const int error = write_all(1, text);
  if (error == 0) return kClean;
  complain(std::string("cannot write to standard output: ") + std::strerror(error));
  return kUsageOrIo;
}

bool wants_colour(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool refused = (no_color != nullptr && *no_color != '\0') || (terminal != nullptr && std::string_view(terminal) == "dumb");
  return isatty(fd) == 1 && !refused;
}

void report(const Session& session) { (void)!write_all(2, render_human(session.diags, session.sources, wants_colour(2))); }

int deliver(const Session& session, std::string_view bytes, unsigned mode, bool text) {
  if (session.options.output == "-") {
    if (text || isatty(1) != 1) return print(bytes);
    complain("this is binary and standard output is a terminal: name a file with -o");
    return kUsageOrIo;
  }
  Diagnostics failure;
  if (write_output(session.options.output, bytes, mode, session.inputs(), failure)) return kClean;
  (void)!write_all(2, render_human(failure, session.sources, wants_colour(2)));
  return kUsageOrIo;
}

}  // namespace immure
