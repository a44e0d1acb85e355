// See key_docs.h.
#include "compiler/key_docs.h"

#include <algorithm>
#include <map>

namespace immure {
namespace {

using Words = std::vector<WordDoc>;

const std::map<std::string_view, Words>& word_sets() {
  static const std::map<std::string_view, Words> kSets = {
#define WORDS(Enum, doc) {#Enum, {
#define WORD(Enumerator, spelling, doc) {spelling, doc},
#define END_WORDS(Enum) \
  }                     \
  }                     \
  ,
#include "schema/language.def"
      {"Bool", {{"true", ""}, {"false", ""}}},
      {"Id", {{"caller", "the caller's"}, {"overflow", "65534"}}},
      {"Version", {{"1", ""}}},
      {"Fragments", {{"immure:system", "/usr read-only and the links to it"}}},
      {"FilterAction", {{"allow", ""}, {"log", ""}, {"trap", ""}, {"kill-process", ""}, {"kill-thread", ""}, {"EPERM", ""}, {"ENOSYS", ""}, {"EACCES", ""}}},
  };
  return kSets;
}

/// A list is of the words that its elements are.
constexpr std::pair<std::string_view, std::string_view> kListsOf[] = {{"Presets", "Preset"},       {"Restrictions", "Restriction"}, {"Scopes", "Scope"},
                                                                      {"PathRights", "PathRight"}, {"PortRights", "PortRight"},     {"CapabilityNames", "Capability"},
                                                                      {"Fragments", "Fragments"}};
constexpr std::string_view kOtherLists[] = {"HostPaths", "Texts", "Variables", "Globs", "Descriptors", "Syscalls", "RuleTests"};
constexpr std::string_view kBare[] = {"Bool", "Version", "Count", "Port", "Descriptor"};

std::string_view words_of_type(std::string_view type) {
  static const std::map<std::string_view, std::string_view> kWords = {
#define TYPE(Name, json, words) {#Name, words},
#include "schema/language.def"
  };
  const auto found = kWords.find(type);
  return found == kWords.end() ? "one of the words below" : found->second;
}

template <class T, std::size_t n>
bool has(const T (&list)[n], std::string_view what) {
  return std::find(std::begin(list), std::end(list), what) != std::end(list);
}

KeyDoc make(std::string_view name, std::string_view type, std::string_view fallback, std::string_view about) {
  KeyDoc key{name, words_of_type(type), "", fallback == "REQUIRED", has(kBare, type), has(kOtherLists, type), about, {}};
  if (fallback != "REQUIRED" && fallback != "ABSENT") key.fallback = fallback.starts_with('"') ? fallback.substr(1, fallback.size() - 2) : fallback;
  std::string_view set = type;
  for (const auto& [list, of] : kListsOf)
    if (list == type) {
      set = of;
      key.list = true;
    }
  if (const auto words = word_sets().find(set); words != word_sets().end()) key.words = words->second;
  return key;
}

std::string title(const GroupDoc& group) {
  switch (group.kind) {
    case GroupDoc::Kind::Table: return group.name.empty() ? "the top level" : '[' + std::string(group.name) + ']';
    case GroupDoc::Kind::List: return "[[" + std::string(group.name) + "]]";
    case GroupDoc::Kind::Op: return "[[fs]] " + std::string(group.name);
  }
  return {};
}

}  // namespace

const std::vector<GroupDoc>& group_docs() {
  static const std::vector<GroupDoc> kGroups = {
#define TABLE(Struct, member, path, doc) {GroupDoc::Kind::Table, path, doc, {
#define KEY(member, key, Type, dflt, doc) make(key, #Type, #dflt, doc),
#define END_TABLE(Struct) \
  }                       \
  }                       \
  ,
#define ROWS(Struct, member, path, doc) {GroupDoc::Kind::List, path, doc, {
#define ROWKEY KEY
#define END_ROWS(Struct) \
  }                      \
  }                      \
  ,
#define OP(Struct, key, doc) {GroupDoc::Kind::Op, key, doc, {
#define OPKEY KEY
#define END_OP(Struct) \
  }                    \
  }                    \
  ,
#include "schema/language.def"
  };
  return kGroups;
}

const GroupDoc* group_doc(std::string_view name, GroupDoc::Kind kind) {
  for (const GroupDoc& group : group_docs())
    if (group.name == name && group.kind == kind) return &group;
  return nullptr;
}

const KeyDoc* key_doc(const GroupDoc& group, std::string_view key) {
  for (const KeyDoc& each : group.keys)
    if (each.name == key) return &each;
  return nullptr;
}

const std::vector<WordDoc>& syscall_group_docs() {
  static const std::vector<WordDoc> kGroups = {
#define GROUP(name, doc, source, calls) {name, doc},
#include "compiler/syscall_groups.def"
  };
  return kGroups;
}

std::string describe(const GroupDoc& group) {
  std::string out = "**" + title(group) + "**: " + std::string(group.about) + ".\n";
  if (group.kind == GroupDoc::Kind::Op) out += "\n- `" + std::string(group.name) + "`: the target, a path inside the sandbox\n";
  else out += '\n';
  for (const KeyDoc& key : group.keys) out += "- `" + std::string(key.name) + "`: " + std::string(key.about) + '\n';
  return out;
}

std::string describe(const GroupDoc& group, const KeyDoc& key) {
  std::string out = "**" + std::string(key.name) + "** of " + title(group) + ": " + std::string(key.about) + ".\n\nValue: " + std::string(key.value) + ".\n";
  if (key.required) out += "\nRequired.\n";
  if (!key.fallback.empty()) out += "\nDefault: `" + (key.bare ? std::string(key.fallback) : '"' + std::string(key.fallback) + '"') + "`.\n";
  if (!key.words.empty() && key.words.size() <= 20) {
    out += '\n';
    for (const WordDoc& word : key.words)
      if (!word.about.empty()) out += "- `" + std::string(word.word) + "`: " + std::string(word.about) + '\n';
  }
  return out;
}

}  // namespace immure
