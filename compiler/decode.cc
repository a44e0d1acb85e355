// Driven by the rows of schema/language.def through visit_keys: nothing here names a key, but for `fs` and `immure`.
//
// Every mistake is reported, none of its consequences: a key that was misspelt counts as the key that it was meant to be, so that nothing is
// called missing twice.
#include "compiler/decode.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "compiler/decode_values.h"
#include "compiler/suggest.h"
#include "schema/wire.h"

namespace immure {
namespace {

using Names = std::vector<std::string_view>;

constexpr std::string_view kFs = "fs";

constexpr std::string_view kTableNames[] = {
#define TABLE(Struct, member, path, doc) path,
#include "schema/language.def"
};
constexpr std::string_view kRowNames[] = {
#define ROWS(Struct, member, path, doc) path,
#include "schema/language.def"
};
constexpr std::string_view kOpNames[] = {
#define OP(Struct, key, doc) key,
#include "schema/language.def"
};

template <class T>
Names keys_of(T& table) {
  Names names;
  visit_keys(table, [&](const KeyInfo& key, auto&) { names.push_back(key.name); });
  return names;
}

bool one_of(std::span<const std::string_view> names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

/// Where else in the language a key of this name stands: "`[user]`, `tmpfs`".
std::string homes_of(std::string_view name) {
  std::string homes;
  [[maybe_unused]] const auto add = [&](std::string_view key, const std::string& home) {
    if (key == name && homes.find(home) == std::string::npos) homes += (homes.empty() ? "" : ", ") + home;
  };
  std::string home;
#define TABLE(Struct, member, path, doc) home = path[0] == '\0' ? "the top level" : "`[" path "]`";
#define KEY(member, key, Type, dflt, doc) add(key, home);
#define ROWS(Struct, member, path, doc) home = "`[[" path "]]`";
#define ROWKEY(member, key, Type, dflt, doc) add(key, home);
#define OP(Struct, key, doc) home = "the op `" key "`";
#define OPKEY(member, key, Type, dflt, doc) add(key, home);
#include "schema/language.def"
  return homes;
}

class Decoder {
 public:
  Decoder(const Sources& sources, std::uint32_t file, Diagnostics& diags) : in_{sources, diags}, file_(file) {}

  Profile run(const ast::Table& root) {
    for (const ast::Member& member : root.members) top(member);
    version();
    return std::move(profile_);
  }

 private:
  Decoding in_;
  std::uint32_t file_;
  Profile profile_;

  // ---- the top level ----

  void top(const ast::Member& member) {
    if (member.key == kFs) return fs(member);
    if (key(profile_.top, member)) return;
    if (rows(member.key, member)) return;
    bool found = false;
#define TABLE(Struct, name, path, doc) \
  if (!found && path[0] != '\0' && member.key == path) found = table(profile_.name, member, "[" path "]");
#include "schema/language.def"
    if (!found) unknown_at_top(member);
  }

  void unknown_at_top(const ast::Member& member) {
    const bool is_table = member.value.table() != nullptr || member.value.array() != nullptr;
    Names names = keys_of(profile_.top);
    names.insert(names.end(), std::begin(kTableNames) + 1, std::end(kTableNames));  // the first one is the top level itself
    for (const std::string_view row : kRowNames)
      if (row.find('.') == std::string_view::npos) names.push_back(row);
    names.push_back(kFs);
    Diagnostic& diag = is_table ? in_.diags.add(Code::UnknownTable, member.key_span, "unknown table `" + member.key + "`")
                                : in_.diags.add(Code::UnknownKey, member.key_span, "unknown key `" + member.key + "` at the top level");
    const auto near = suggest(diag, member, names);
    if (near) mark_written(profile_.top, *near, member);
    if (!near && one_of(kOpNames, member.key)) diag.help("`" + member.key + "` is an op: it stands in an entry of `[[fs]]`");
    else if (const std::string homes = homes_of(member.key); !near && !homes.empty()) diag.help("`" + member.key + "` is a key of " + homes);
    else if (!near && is_table) diag.help("there are " + listed(names));
    // A table that is not understood may have been meant as ops; so may an op at the wrong place.
    if (is_table || one_of(kOpNames, member.key)) profile_.ops_understood = false;
  }

  void version() {
    if (profile_.top.immure.key_span.known()) return;
    in_.diags.add(Code::MissingVersion, {file_, 0, 0}, "the file does not say `immure = 1`").fix({file_, 0, 0}, "immure = 1\n", "write `immure = 1` in its first line");
  }

  // ---- tables and keys ----

  template <class T>
  bool table(T& to, const ast::Member& member, const std::string& where) {
    const ast::Table* from = member.value.table();
    if (from == nullptr) {
      Diagnostic& diag = in_.diags.add(Code::WrongType, member.value.span, "`" + member.key + "` is " + member.value.kind() + ", not a table");
      diag.help(member.value.array() != nullptr ? "it stands once, with single brackets: `" + where + "`" : "its keys stand below the header `" + where + "`");
      mark_all_written(to, member);
      return true;
    }
    for (const ast::Member& inner : from->members)
      if (!key(to, inner) && !rows(member.key + "." + inner.key, inner)) unknown_key(to, inner, "`" + where + "`");
    return true;
  }

  // ---- lists of tables ----

  /// Whether `path` names a list of tables; then it has been decoded.
  bool rows(const std::string& path, const ast::Member& member) {
#define ROWS(Struct, name, rows_path, doc) \
  if (path == rows_path) {                 \
    list(profile_.name, path, member);     \
    return true;                           \
  }
#include "schema/language.def"
    return false;
  }

  template <class Row>
  void list(std::vector<Row>& to, const std::string& path, const ast::Member& member) {
    const std::string header = "[[" + path + "]]";
    const ast::Array* items = member.value.array();
    if (items == nullptr) {
      in_.diags.add(Code::WrongType, member.value.span, "`" + member.key + "` is " + member.value.kind() + ", not a list of tables")
          .help("each stands below a header of its own, `" + header + "`");
      return;
    }
    for (const ast::Value& item : items->items) {
      if (const ast::Table* table = item.table()) row(to.emplace_back(), *table, item.span, "`" + header + "`");
      else in_.diags.add(Code::WrongType, item.span, "an entry of `" + path + "` is " + item.kind() + ", not a table");
    }
  }

  template <class Row>
  void row(Row& to, const ast::Table& table, Span place, const std::string& where) {
    to.span = place;
    for (const ast::Member& member : table.members)
      if (!key(to, member)) unknown_key(to, member, where);
    visit_keys(to, [&](const KeyInfo& info, auto& field) {
      if (info.required && !field.key_span.known())
        in_.diags.add(Code::MissingKey, place, "missing key `" + std::string(info.name) + "` in " + where)
            .help("`" + std::string(info.name) + "` takes " + value_in_words(info.type));
    });
  }

  /// Whether the member is a key of this table; then it has been decoded.
  template <class T>
  bool key(T& to, const ast::Member& member) {
    bool found = false;
    visit_keys(to, [&](const KeyInfo& info, auto& field) {
      if (found || member.key != info.name) return;
      found = true;
      field.key_span = member.key_span;
      field.span = member.value.span;
      field.present = decode_value(member.value, info, field.value, in_);
    });
    return found;
  }

  template <class T>
  void unknown_key(T& to, const ast::Member& member, const std::string& where) {
    Diagnostic& diag = in_.diags.add(Code::UnknownKey, member.key_span, "unknown key `" + member.key + "` in " + where);
    const Names names = names_in(to, where);
    const auto near = suggest(diag, member, names);
    if (near) return mark_written(to, *near, member);
    if (const std::string homes = homes_of(member.key); !homes.empty()) diag.help("`" + member.key + "` is a key of " + homes);
    diag.help("there are " + listed(names));
  }

  /// The keys of a table, and the lists of tables that stand in it.
  template <class T>
  static Names names_in(T& table, std::string_view where) {
    Names names = keys_of(table);
    for (const std::string_view row : kRowNames) {
      const std::size_t dot = row.find('.');
      if (dot != std::string_view::npos && where == "`[" + std::string(row.substr(0, dot)) + "]`") names.push_back(row.substr(dot + 1));
    }
    return names;
  }

  static std::optional<std::string_view> suggest(Diagnostic& diag, const ast::Member& member, const Names& names) {
    const auto near = nearest(member.key, names);
    if (near) diag.fix(member.key_span, std::string(*near), "did you mean `" + std::string(*near) + "`?");
    return near;
  }

  template <class T>
  static void mark_written(T& to, std::string_view name, const ast::Member& member) {
    visit_keys(to, [&](const KeyInfo& info, auto& field) {
      if (name == info.name && !field.key_span.known()) field.key_span = member.key_span;
    });
  }
  template <class T>
  static void mark_all_written(T& to, const ast::Member& member) {
    visit_keys(to, [&](const KeyInfo&, auto& field) { field.key_span = member.key_span; });
  }

  // ---- [[fs]] ----

  void fs(const ast::Member& member) {
    const std::size_t before = in_.diags.errors();
    if (const ast::Array* list = member.value.array()) entries(*list, member.value.span);
    else
      in_.diags.add(Code::WrongType, member.value.span, "`fs` is " + member.value.kind() + ", not a list of tables")
          .help("each op stands below a header of its own, `[[fs]]`, or in braces: `fs = [ { bind = \"/usr\" } ]`");
    if (in_.diags.errors() != before) profile_.ops_understood = false;
  }

  void entries(const ast::Array& list, Span place) {
    if (list.items.size() > wire::kMaxOps) {
      in_.diags.add(Code::ListTooLong, place, "a list of " + std::to_string(list.items.size()) + " ops");
      return;
    }
    for (const ast::Value& item : list.items) {
      if (const ast::Table* table = item.table()) entry(*table, item.span);
      else in_.diags.add(Code::WrongType, item.span, "an entry of `fs` is " + item.kind() + ", not a table").help("an entry is written `{ bind = \"/usr\" }`");
    }
  }

  void entry(const ast::Table& table, Span place) {
    const ast::Member* op = nullptr;
    for (const ast::Member& member : table.members) {
      if (!one_of(kOpNames, member.key)) continue;
      if (op != nullptr) return two_ops(*op, member);
      op = &member;
    }
    if (op == nullptr) return no_op(table, place);

    FsEntry& made = profile_.fs.emplace_back();
    made.span = place;
    made.op_key = made.target.key_span = op->key_span;
    made.target.span = op->value.span;
    made.target.present = decode_value(op->value, KeyInfo{op->key.c_str(), nullptr, true, TypeWord::Path}, made.target.value, in_);
#define OP(Struct, name, doc) \
  if (op->key == name) made.op.emplace<Struct##Op>();
#include "schema/language.def"
    std::visit([&](auto& body) { op_keys(body, table, *op); }, made.op);
  }

  template <class T>
  void op_keys(T& body, const ast::Table& table, const ast::Member& op) {
    if constexpr (!std::is_same_v<T, std::monostate>) {
      const std::string where = "the op `" + op.key + "`";
      for (const ast::Member& member : table.members)
        if (&member != &op && !key(body, member)) unknown_key(body, member, where);
      visit_keys(body, [&](const KeyInfo& info, auto& field) {
        if (info.required && !field.key_span.known())
          in_.diags.add(Code::MissingKey, op.key_span, "missing key `" + std::string(info.name) + "` of " + where)
              .help("`" + std::string(info.name) + "` takes " + value_in_words(info.type));
      });
    }
  }

  void two_ops(const ast::Member& first, const ast::Member& second) {
    in_.diags.add(Code::TwoOps, second.key_span, "a second op, `" + second.key + "`, in one entry of `[[fs]]`")
        .label(first.key_span, "the first op, `" + first.key + "`")
        .help("give each op an entry of its own");
  }

  void no_op(const ast::Table& table, Span place) {
    for (const ast::Member& member : table.members) {
      const auto near = nearest(member.key, kOpNames);
      if (!near || !homes_of(member.key).empty()) continue;
      in_.diags.add(Code::MissingOp, member.key_span, "`" + member.key + "` is not an op").fix(member.key_span, std::string(*near), "did you mean `" + std::string(*near) + "`?");
      return;
    }
    in_.diags.add(Code::MissingOp, place, "an entry of `[[fs]]` without an op").help("the ops are " + listed(kOpNames));
  }
};

/// The default name: the file's stem with what a name cannot have taken out.
std::string stem_of(std::string_view path) {
  path.remove_prefix(path.find_last_of("/:") == std::string_view::npos ? 0 : path.find_last_of("/:") + 1);
  if (path.ends_with(".toml")) path.remove_suffix(5);
  std::string stem;
  for (const char c : path) {
    const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alnum || (!stem.empty() && (c == '.' || c == '_' || c == '-'))) stem += c;
    else if (!stem.empty()) stem += '-';
  }
  stem.resize(std::min<std::size_t>(stem.size(), 64));
  return stem.empty() ? "sandbox" : stem;
}

}  // namespace

Profile decode(const ast::Table& root, const Sources& sources, std::uint32_t file, Diagnostics& diags) {
  Profile profile = Decoder(sources, file, diags).run(root);
  profile.stem = stem_of(sources.file(file).name());
  return profile;
}

}  // namespace immure
