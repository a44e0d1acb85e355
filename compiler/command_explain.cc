// `immure explain`: the long story of a code, a shipped fragment, or what a profile's filter does with one call (command_explain_call.cc).
#include <algorithm>
#include <cctype>

#include "compiler/commands.h"
#include "compiler/embedded.h"
#include "compiler/suggest.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

std::string story(const CodeInfo& about) {
  std::string out = std::string(about.id) + ": " + std::string(about.title) + "\n\n" + std::string(about.story) + '\n';
  if (!about.failing.empty()) out += "\nThis gives it:\n\n" + std::string(about.failing);
  if (!about.mended.empty()) out += "\nThis does not:\n\n" + std::string(about.mended);
  return out;
}

}  // namespace

int explain_topic(Session& session) {
  if (!session.options.files.empty()) return explain_call(session);
  std::string topic = session.options.topic;
  if (topic.starts_with("immure:"))
    if (const std::optional<std::string_view> fragment = embedded_fragment(topic.substr(7))) return print(*fragment);
  std::transform(topic.begin(), topic.end(), topic.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::vector<std::string_view> codes;
  for (const CodeInfo& about : catalogue()) {
    if (about.id == topic) return print(story(about));
    codes.push_back(about.id);
  }
  if (is_syscall(session.options.topic)) {
    complain("`" + session.options.topic + "` is a system call: how it is answered stands in a profile; say `immure explain " + session.options.topic + " FILE`");
    return kUsageOrIo;
  }
  const std::optional<std::string_view> meant = nearest(topic, codes);
  complain("nothing is known about `" + session.options.topic + "`" + (meant ? "; did you mean `" + std::string(*meant) + "`?" : ""));
  return kUsageOrIo;
}

}  // namespace immure
