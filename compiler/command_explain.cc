// `immure explain`: the long story of a code, or a shipped fragment.
#include <algorithm>
#include <cctype>

#include "compiler/commands.h"
#include "compiler/embedded.h"
#include "compiler/suggest.h"

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
  std::string topic = session.options.topic;
  if (topic.starts_with("immure:"))
    if (const std::optional<std::string_view> fragment = embedded_fragment(topic.substr(7))) return print(*fragment);
  std::transform(topic.begin(), topic.end(), topic.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::vector<std::string_view> codes;
  for (const CodeInfo& about : catalogue()) {
    if (about.id == topic) return print(story(about));
    codes.push_back(about.id);
  }
  const std::optional<std::string_view> meant = nearest(topic, codes);
  complain("nothing is known about `" + session.options.topic + "`" + (meant ? "; did you mean `" + std::string(*meant) + "`?" : ""));
  return kUsageOrIo;
}

}  // namespace immure
