// The values of `[[seccomp.rule]]`: actions, and tests of arguments by number or by name.
#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>

#include "compiler/decode_values.h"
#include "compiler/suggest.h"
#include "compiler/syscall_values.h"

namespace immure {
namespace {

using Op = type::RuleTest::Op;

struct ActionWord {
  std::string_view word;
  ActionKind kind;
};
constexpr ActionWord kActions[] = {
    {"allow", ActionKind::Allow}, {"log", ActionKind::Log}, {"trap", ActionKind::Trap}, {"kill-process", ActionKind::KillProcess}, {"kill-thread", ActionKind::KillThread}};

struct OpWord {
  std::string_view word;
  Op op;
};
constexpr OpWord kOps[] = {{"eq", Op::Eq}, {"ne", Op::Ne}, {"lt", Op::Lt}, {"le", Op::Le}, {"gt", Op::Gt}, {"ge", Op::Ge}, {"masked-eq", Op::MaskedEq}};

constexpr int kMostErrors = 134;  // EHWPOISON and one

std::optional<std::uint16_t> error_number(std::string_view name) {
  for (int number = 1; number < kMostErrors; ++number)
    if (const char* known = strerrorname_np(number); known != nullptr && name == known) return static_cast<std::uint16_t>(number);
  if (name == "EWOULDBLOCK") return std::uint16_t{11};
  if (name == "ENOTSUP") return std::uint16_t{95};
  return std::nullopt;
}

bool not_an_action(const ast::Value& value, const KeyInfo& key, const std::string& text, const Decoding& in) {
  std::vector<std::string_view> words;
  for (const ActionWord& row : kActions) words.push_back(row.word);
  for (int number = 1; number < kMostErrors; ++number)
    if (const char* known = strerrorname_np(number)) words.push_back(known);
  Diagnostic& diag = in.diags.add(Code::BadAction, value.span, "`" + text + "` is not an action");
  if (const auto near = nearest(text, words)) diag.fix(value.span, toml_quoted(*near), "did you mean `" + std::string(*near) + "`?");
  diag.help(std::string("`") + key.name + "` takes " + value_in_words(key.type));
  return false;
}

bool wrong(const ast::Value& value, const std::string& what, const char* wanted, const Decoding& in) {
  in.diags.add(Code::WrongType, value.span, "`" + what + "` is " + value.kind() + ", not " + wanted).help("a test is written `{ index = 0, op = \"eq\", value = \"AF_INET\" }`");
  return false;
}

bool named_value(const ast::Value& value, std::string_view name, std::uint64_t& out, const Decoding& in) {
  if (const std::optional<std::uint64_t> known = syscall_value(name)) {
    out |= *known;
    return true;
  }
  Diagnostic& diag = in.diags.add(Code::UnknownConstant, value.span, "`" + std::string(name) + "` is no value that is known by name");
  if (const auto near = nearest(name, syscall_value_names())) diag.help("did you mean `" + std::string(*near) + "`?");
  diag.help("any value can be written as a number");
  return false;
}

/// A number, a name, or names with `|` between them.
bool number_or_names(const ast::Value& value, const char* what, std::uint64_t& out, const Decoding& in) {
  if (const std::int64_t* number = value.integer()) {
    out = static_cast<std::uint64_t>(*number);
    return true;
  }
  const std::string* text = value.string();
  if (text == nullptr) return wrong(value, what, "a number or a name", in);
  out = 0;
  bool good = true;
  for (const std::string_view name : joined_names(*text)) good = named_value(value, name, out, in) && good;
  return good;
}

bool op_of(const ast::Value& value, type::RuleTest& out, const Decoding& in) {
  const std::string* text = value.string();
  if (text == nullptr) return wrong(value, "op", "a string", in);
  std::string_view word = *text;
  out.wide = word.ends_with("64");
  if (out.wide) word.remove_suffix(2);
  std::vector<std::string_view> words;
  for (const OpWord& row : kOps) {
    if (row.word == word) {
      out.op = row.op;
      return true;
    }
    words.push_back(row.word);
  }
  Diagnostic& diag = in.diags.add(Code::UnknownWord, value.span, "`" + *text + "` is no word that `op` knows");
  if (const auto near = nearest(word, words)) diag.fix(value.span, toml_quoted(*near), "did you mean `" + std::string(*near) + "`?");
  diag.help("it takes " + listed(words, "or") + ", or one of them with `64` behind it to compare all 64 bits");
  return false;
}

bool index_of(const ast::Value& value, type::RuleTest& out, const Decoding& in) {
  const std::int64_t* number = value.integer();
  if (number == nullptr) return wrong(value, "index", "an integer", in);
  if (*number < 0 || *number > 5) {
    in.diags.add(Code::BadArgTest, value.span, "there is no argument " + std::to_string(*number)).help("arguments are counted from 0 to 5");
    return false;
  }
  out.index = static_cast<std::uint8_t>(*number);
  return true;
}

bool decode_test(const ast::Value& value, type::RuleTest& out, const Decoding& in) {
  const ast::Table* table = value.table();
  if (table == nullptr) return wrong(value, "an element of args", "a table", in);
  constexpr std::string_view kKeys[] = {"index", "op", "value", "mask"};
  bool seen[4] = {}, good = true;
  for (const ast::Member& member : table->members) {
    const auto* key = std::find(std::begin(kKeys), std::end(kKeys), member.key);
    if (key == std::end(kKeys)) {
      Diagnostic& diag = in.diags.add(Code::UnknownKey, member.key_span, "unknown key `" + member.key + "` in a test of an argument");
      if (const auto near = nearest(member.key, kKeys)) diag.fix(member.key_span, std::string(*near), "did you mean `" + std::string(*near) + "`?");
      diag.help("there are " + listed(kKeys));
      return false;
    }
    seen[key - kKeys] = true;
    switch (key - kKeys) {
      case 0: good = index_of(member.value, out, in) && good; break;
      case 1: good = op_of(member.value, out, in) && good; break;
      case 2: good = number_or_names(member.value, "value", out.value, in) && good; break;
      default: good = number_or_names(member.value, "mask", out.mask, in) && good;
    }
  }
  if (!good) return false;
  for (const int key : {0, 1, 2})
    if (!seen[key]) {
      in.diags.add(Code::MissingKey, value.span, "missing key `" + std::string(kKeys[key]) + "` in a test of an argument")
          .help("a test is written `{ index = 0, op = \"eq\", value = \"AF_INET\" }`");
      return false;
    }
  if (seen[3] == (out.op == Op::MaskedEq)) return true;
  in.diags.add(Code::BadArgTest, value.span, seen[3] ? "a `mask` without `masked-eq`" : "`masked-eq` without a `mask`")
      .help("`masked-eq` asks whether the bits of `mask` are those of `value`");
  return false;
}

}  // namespace

bool decode_value(const ast::Value& value, const KeyInfo& key, type::FilterAction& out, const Decoding& in) {
  const std::string* text = value.string();
  if (text == nullptr) return not_an_action(value, key, value.kind(), in);
  const auto* found = std::find_if(std::begin(kActions), std::end(kActions), [&](const ActionWord& row) { return row.word == *text; });
  if (found != std::end(kActions)) {
    out = {found->kind, 0};
    return true;
  }
  const std::optional<std::uint16_t> error = error_number(*text);
  if (!error) return not_an_action(value, key, *text, in);
  out = {ActionKind::Errno, *error};
  return true;
}

bool decode_value(const ast::Value& value, const KeyInfo&, type::RuleTests& out, const Decoding& in) {
  const ast::Array* list = value.array();
  if (list == nullptr) return wrong(value, "args", "a list", in);
  bool good = true;
  for (const ast::Value& item : list->items) {
    out.push_back({{}, item.span});
    good = decode_test(item, out.back().value, in) && good;
  }
  return good;
}

}  // namespace immure
