// The language's description as data: what `explain`, hovers and completions say about a table, an op, a key or a word. From schema/language.def, like everything else that knows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immure {

struct WordDoc {
  std::string_view word;
  std::string_view about;  // may be empty
};

struct KeyDoc {
  std::string_view name;
  std::string_view value;     // in words: "an octal string up to 7777"
  std::string_view fallback;  // as TOML has it, without quotes; empty: none
  bool required = false;
  bool bare = false;  // its values stand without quotes: true, 3
  bool list = false;
  std::string_view about;
  std::vector<WordDoc> words;  // where there are few
};

struct GroupDoc {
  enum class Kind { Table, List, Op } kind = Kind::Table;
  std::string_view name;  // "process", "landlock.path", "bind"; "" is the top level
  std::string_view about;
  std::vector<KeyDoc> keys;  // of an op without its own key, whose value is the target
};

const std::vector<GroupDoc>& group_docs();
const GroupDoc* group_doc(std::string_view name, GroupDoc::Kind kind);
const KeyDoc* key_doc(const GroupDoc& group, std::string_view key);
const std::vector<WordDoc>& syscall_group_docs();

/// In Markdown.
std::string describe(const GroupDoc& group);
std::string describe(const GroupDoc& group, const KeyDoc& key);

}  // namespace immure
