// `immure init`: a profile to start from. The templates are the examples, so that they are compiled, checked and run by the same tests.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "compiler/commands.h"
#include "compiler/embedded.h"
#include "compiler/output_file.h"
#include "compiler/suggest.h"

namespace immure {
namespace {

/// Without the line for editors: it names the schema where the examples stand.
std::string text_of(const StartingPoint& from) {
  std::string_view text = from.text;
  if (text.starts_with("#:schema")) text.remove_prefix(text.find('\n') + 1);
  return std::string(text);
}

std::string list() {
  std::string out = "Templates, for `immure init TEMPLATE`:\n";
  for (const StartingPoint& each : embedded_templates())
    out +=
        "  " + std::string(each.name) + std::string(12 - each.name.size(), ' ') + std::string(each.file) + std::string(22 - each.file.size(), ' ') + std::string(each.about) + '\n';
  return out;
}

/// A new file or none: what is there already is somebody's work.
int write_new(const std::string& path, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);
  if (fd < 0) {
    complain(errno == EEXIST ? "`" + path + "` is there already, and init overwrites nothing: name another with -o" : "cannot make `" + path + "`: " + std::strerror(errno));
    return kUsageOrIo;
  }
  const int written = write_all(fd, text);
  const int error = close(fd) != 0 && written == 0 ? errno : written;
  if (error == 0) return kClean;
  (void)unlink(path.c_str());
  complain("cannot write `" + path + "`: " + std::strerror(error));
  return kUsageOrIo;
}

}  // namespace

int start_profile(Session& session) {
  const std::string& name = session.options.topic;
  if (name.empty()) return print(list());
  std::vector<std::string_view> names;
  for (const StartingPoint& each : embedded_templates()) {
    names.push_back(each.name);
    if (each.name != name) continue;
    if (session.options.output == "-") return print(text_of(each));
    const std::string path = session.options.output.empty() ? std::string(each.file) : session.options.output;
    const int status = write_new(path, text_of(each));
    return status == kClean ? print(path + ": read it, change it, then `immure build " + path + " -o " + path.substr(0, path.rfind(".toml")) + "`\n") : status;
  }
  const std::optional<std::string_view> meant = nearest(name, names);
  complain("there is no template `" + name + "`" + (meant ? "; did you mean `" + std::string(*meant) + "`?" : ": there are " + listed(names)));
  return kUsageOrIo;
}

}  // namespace immure
