// `immure explain`: the long story of a code, a table, op or key of the language, a system call, or a shipped fragment; and what a profile's filter does with one call
// (command_explain_call.cc).
#include <algorithm>
#include <cctype>
#include <utility>

#include "compiler/commands.h"
#include "compiler/embedded.h"
#include "compiler/key_docs.h"
#include "compiler/suggest.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

struct DeniedRow {
  std::string_view group, call;
  bool sometimes;
};
constexpr DeniedRow kDenied[] = {
#define DENY(group, error, call, why) {#group, call, false},
#define DENY_IF(group, error, call, test, why) {#group, call, true},
#include "compiler/presets.def"
};
constexpr std::pair<std::string_view, std::string_view> kDenying[] = {{"Common", "every preset"},
                                                                      {"CommonExt", "ext"},
                                                                      {"Namespace", "deny-ns"},
                                                                      {"NamespaceExt", "deny-ns with ext"},
                                                                      {"Tty", "deny-tty"},
                                                                      {"Devel", "deny-devel"},
                                                                      {"Emulation", "every preset, without multiarch"},
                                                                      {"EmulationExt", "ext, without multiarch"},
                                                                      {"Families", "every preset"}};

struct CallGroup {
  std::string_view name, about, calls;
};
constexpr CallGroup kCallGroups[] = {
#define GROUP(name, doc, source, calls) {name, doc, calls},
#include "compiler/syscall_groups.def"
};

std::string story(const CodeInfo& about) {
  std::string out = std::string(about.id) + ": " + std::string(about.title) + "\n\n" + std::string(about.story) + '\n';
  if (!about.failing.empty()) out += "\nThis gives it:\n\n" + std::string(about.failing);
  if (!about.mended.empty()) out += "\nThis does not:\n\n" + std::string(about.mended);
  return out;
}

/// Without the marks of Markdown: a terminal shows neither.
std::string plain(std::string text) {
  for (std::size_t at = text.find("**"); at != std::string::npos; at = text.find("**", at)) text.erase(at, 2);
  return text;
}

/// A table, list or op by its name, a key by `table.key`, `fs.op.key`, or alone: then each key of that name.
std::string language(std::string topic) {
  std::erase_if(topic, [](char c) { return c == '[' || c == ']'; });
  if (topic.starts_with("fs.")) topic = topic.substr(3);
  const std::size_t dot = topic.rfind('.');
  const std::string group_name = dot == std::string::npos ? "" : topic.substr(0, dot), key_name = topic.substr(dot == std::string::npos ? 0 : dot + 1);
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : "\n") + plain(text); };
  for (const GroupDoc& group : group_docs())
    if (!group.name.empty() && group.name == topic) add(describe(group));
  for (const GroupDoc& group : group_docs())
    if (const KeyDoc* key = key_doc(group, key_name); key != nullptr && (dot == std::string::npos || group.name == group_name)) add(describe(group, *key));
  return out;
}

std::string syscall(const std::string& name) {
  for (const CallGroup& group : kCallGroups)
    if (group.name == name) return name + ": " + std::string(group.about) + ". It holds\n" + std::string(group.calls) + '\n';
  std::string numbers;
  for (const Arch arch : {Arch::X86_64, Arch::X86, Arch::Aarch64})
    if (const int number = syscall_number(arch, name); number >= 0) numbers += (numbers.empty() ? "" : ", ") + std::to_string(number) + " on " + name_of(arch);
  if (numbers.empty()) return "";
  std::string out = name + ": a system call, " + numbers + ".\n";
  std::string_view told;
  for (const DeniedRow& row : kDenied)
    for (const auto& [group, words] : kDenying)
      if (row.call == name && row.group == group && told != group) {
        out += "Denied by " + std::string(words) + (row.sometimes ? ", for some arguments.\n" : ".\n");
        told = group;
      }
  for (const CallGroup& group : kCallGroups)
    if ((' ' + std::string(group.calls) + ' ').find(' ' + name + ' ') != std::string::npos) out += "In " + std::string(group.name) + ": " + std::string(group.about) + ".\n";
  return out + "How a profile answers it: `immure explain " + name + " FILE [ARGUMENT...]`.\n";
}

}  // namespace

int explain_topic(Session& session) {
  if (!session.options.files.empty()) return explain_call(session);
  std::string topic = session.options.topic;
  if (topic.starts_with("immure:"))
    if (const std::optional<std::string_view> fragment = embedded_fragment(topic.substr(7))) return print(*fragment);
  if (const std::string text = language(topic) + syscall(topic); !text.empty()) return print(text);
  std::transform(topic.begin(), topic.end(), topic.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::vector<std::string_view> codes;
  for (const CodeInfo& about : catalogue()) {
    if (about.id == topic) return print(story(about));
    codes.push_back(about.id);
  }
  std::optional<std::string_view> meant = nearest(topic, codes);
  if (!meant) {
    std::vector<std::string_view> names;
    for (const GroupDoc& group : group_docs()) {
      if (!group.name.empty()) names.push_back(group.name);
      for (const KeyDoc& key : group.keys) names.push_back(key.name);
    }
    meant = nearest(session.options.topic, names);
  }
  complain("nothing is known about `" + session.options.topic + "`" + (meant ? "; did you mean `" + std::string(*meant) + "`?" : ""));
  return kUsageOrIo;
}

}  // namespace immure
