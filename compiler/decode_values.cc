// What all overloads share stands first: a wrong type with its fix, and the place of a fault inside a string.
#include "compiler/decode_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "compiler/parse_text.h"
#include "compiler/parse_units.h"
#include "compiler/suggest.h"
#include "schema/wire.h"

namespace immure {
namespace {

using Words = std::span<const std::string_view>;

#define WORDS(Enum, doc) constexpr std::string_view k##Enum##Words[] = {
#define WORD(Enumerator, spelling, doc) spelling,
#define END_WORDS(Enum) \
  }                     \
  ;
#include "schema/language.def"

std::string_view source_text(const ast::Value& value, const Decoding& in) {
  if (!value.span.known()) return {};
  return std::string_view(in.sources.file(value.span.file).text()).substr(value.span.begin, value.span.end - value.span.begin);
}

/// The place of bytes of a string in the file: exact where the string is written without escapes, else the whole value.
Span place_in(const ast::Value& value, std::string_view text, std::size_t begin, std::size_t end, const Decoding& in) {
  const std::string_view written = source_text(value, in);
  for (const std::size_t quotes : {std::size_t{1}, std::size_t{3}}) {
    if (written.size() < 2 * quotes) break;
    std::string_view inside = written.substr(quotes, written.size() - 2 * quotes);
    std::size_t skipped = quotes;
    if (quotes == 3 && inside.starts_with('\n')) {  // a line feed right behind """ is not part of the text
      inside.remove_prefix(1);
      ++skipped;
    }
    if (inside != text) continue;
    const auto at = [&](std::size_t offset) { return value.span.begin + static_cast<std::uint32_t>(skipped + offset); };
    return {value.span.file, at(begin), at(end)};
  }
  return value.span;
}

bool report(const TextFault& fault, const ast::Value& value, std::string_view text, const Decoding& in) {
  const Span place = fault.end == 0 ? value.span : place_in(value, text, fault.begin, fault.end, in);
  Diagnostic& diag = in.diags.add(fault.code, place, fault.message);
  if (fault.mended) diag.fix(value.span, toml_quoted(*fault.mended), "write `" + toml_quoted(*fault.mended) + "`");
  for (const std::string& help : fault.helps) diag.help(help);
  return false;
}

constexpr const char* kList = "a list";

bool is_list(TypeWord word) {
  constexpr TypeWord kLists[] = {TypeWord::Texts,           TypeWord::HostPaths, TypeWord::Fragments,  TypeWord::Variables,    TypeWord::Globs,
                                 TypeWord::Presets,         TypeWord::Syscalls,  TypeWord::RuleTests,  TypeWord::Restrictions, TypeWord::Descriptors,
                                 TypeWord::CapabilityNames, TypeWord::Scopes,    TypeWord::PathRights, TypeWord::PortRights};
  return std::find(std::begin(kLists), std::end(kLists), word) != std::end(kLists);
}

bool wrong_type(const ast::Value& value, const KeyInfo& key, const char* wanted, const Decoding& in, std::optional<std::string> mended = {}) {
  const bool element = is_list(key.type) && wanted != kList;
  const std::string what = std::string(element ? "an element of `" : "`") + key.name + "` is ";
  Diagnostic& diag = in.diags.add(Code::WrongType, value.span, what + value.kind() + ", not " + wanted);
  if (mended) diag.fix(value.span, *mended, "write `" + *mended + "`");
  diag.help(std::string("`") + key.name + "` takes " + value_in_words(key.type));
  return false;
}

bool is_path(TypeWord type) { return type == TypeWord::Path || type == TypeWord::ProgramPath || type == TypeWord::HostPath; }

/// The string that a value must be; else reports it, with the fix of putting a number in quotes.
const std::string* text_of(const ast::Value& value, const KeyInfo& key, const Decoding& in) {
  if (const std::string* text = value.string()) return text;
  std::optional<std::string> mended;
  if (const std::int64_t* number = value.integer()) {
    mended = std::to_string(*number);
    if (key.type == TypeWord::Mode) mended = "0" + *mended;
    if (key.type == TypeWord::Duration) mended = *mended + "s";
    mended = toml_quoted(*mended);
    if (is_path(key.type)) mended.reset();
  }
  wrong_type(value, key, "a string", in, std::move(mended));
  return nullptr;
}

const ast::Array* list_of(const ast::Value& value, const KeyInfo& key, const Decoding& in) {
  const ast::Array* list = value.array();
  if (list == nullptr) {
    std::optional<std::string> mended;
    if (value.string() != nullptr) mended = "[" + std::string(source_text(value, in)) + "]";
    wrong_type(value, key, kList, in, std::move(mended));
    return nullptr;
  }
  if (list->items.size() <= wire::kMaxList) return list;
  in.diags.add(Code::ListTooLong, value.span, "a list of " + std::to_string(list->items.size()) + " elements").help("at most " + std::to_string(wire::kMaxList) + " are possible");
  return nullptr;
}

std::optional<std::size_t> word_of(const ast::Value& value, const KeyInfo& key, Words words, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  Diagnostic& diag = in.diags.add(Code::UnknownWord, value.span, "`" + *text + "` is no word that `" + key.name + "` knows");
  if (const auto near = nearest(*text, words)) diag.fix(value.span, toml_quoted(*near), "did you mean `" + std::string(*near) + "`?");
  diag.help("it takes " + listed(words, "or"));
  return std::nullopt;
}

bool fits_name(std::string_view text) {
  const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && alnum(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) { return alnum(c) || c == '.' || c == '_' || c == '-'; });
}

bool empty_or_nul(const ast::Value& value, const KeyInfo& key, std::string_view text, const Decoding& in) {
  if (text.empty()) in.diags.add(Code::EmptyText, value.span, std::string("`") + key.name + "` is empty");
  if (text.find('\0') != std::string_view::npos) in.diags.add(Code::NulInString, value.span, "NUL in a string");
  return text.empty() || text.find('\0') != std::string_view::npos;
}

/// An element of Fragments, Variables or Globs.
bool decode_element(const ast::Value& value, const KeyInfo& key, std::string& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr || empty_or_nul(value, key, *text, in)) return false;
  out = *text;
  const bool pattern = key.type == TypeWord::Globs;
  if (key.type == TypeWord::Fragments || key.type == TypeWord::Syscalls || is_variable_name(*text, pattern)) return true;
  Diagnostic& diag = in.diags.add(Code::BadVariableName, value.span, "`" + *text + "` is not the name of a variable");
  std::string_view bare = *text;
  while (!bare.empty() && (bare.front() == '$' || bare.front() == '{')) bare.remove_prefix(1);
  while (bare.ends_with('}')) bare.remove_suffix(1);
  if (bare.size() != text->size() && is_variable_name(bare, pattern)) diag.fix(value.span, toml_quoted(bare), "write the name alone, `" + toml_quoted(bare) + "`");
  else if (const std::size_t equals = text->find('='); equals != std::string::npos && is_variable_name(text->substr(0, equals), false))
    diag.help("a variable with a value belongs into `env.set`");
  return false;
}

}  // namespace

std::string value_in_words(TypeWord word) {
  switch (word) {
    // clang-format off
#define WORDS(Enum, doc) \
  case TypeWord::Enum:   \
    return listed(k##Enum##Words, "or");
#define TYPE(Name, json, words) \
  case TypeWord::Name:          \
    return words;
#include "schema/language.def"
    // clang-format on
  }
  return {};
}

std::string toml_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result.append(1, '\\').append(1, c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      result += escaped.data();
    } else {
      result += c;
    }
  }
  return result + "\"";
}

bool decode_value(const ast::Value& value, const KeyInfo& key, bool& out, const Decoding& in) {
  if (const bool* flag = value.boolean()) {
    out = *flag;
    return true;
  }
  const std::string* text = value.string();
  const bool quoted = text != nullptr && (*text == "true" || *text == "false");
  return wrong_type(value, key, "a boolean", in, quoted ? std::optional(*text) : std::nullopt);
}

bool decode_value(const ast::Value& value, const KeyInfo& key, std::uint64_t& out, const Decoding& in) {
  const std::int64_t* number = value.integer();
  if (number == nullptr) {
    const std::string* text = value.string();
    const bool digits = text != nullptr && !text->empty() && text->find_first_not_of("0123456789") == std::string::npos;
    return wrong_type(value, key, "an integer", in, digits ? std::optional(*text) : std::nullopt);
  }
  constexpr std::int64_t kMost = std::int64_t{1} << 54;  // tmpfs refuses inodes from here on: it counts a KiB for each
  if (*number < 1 || *number >= kMost) {
    in.diags.add(Code::BadNumber, value.span, std::string("`") + key.name + "` is " + std::to_string(*number))
        .help(std::string("`") + key.name + "` takes " + value_in_words(key.type) + (*number == 0 ? "; leave it out for the default" : ""));
    return false;
  }
  out = static_cast<std::uint64_t>(*number);
  return true;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, std::string& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return false;
  if (key.type == TypeWord::Base64) {
    const auto fault = parse_base64(*text, out);
    return fault ? report(*fault, value, *text, in) : true;
  }
  out = *text;
  if (key.type != TypeWord::Name || fits_name(*text)) return true;
  in.diags.add(Code::BadName, value.span, "`" + *text + "` is not a name").help(std::string("`") + key.name + "` takes " + value_in_words(key.type));
  return false;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, Template& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return false;
  if (key.type == TypeWord::LinkText && empty_or_nul(value, key, *text, in)) return false;
  auto fault = is_path(key.type) || key.type == TypeWord::HostPaths ? parse_path(*text, out) : parse_template(*text, out);
  // A name alone is how shells are told; a sandbox has no PATH that it could be looked up in.
  if (fault && fault->code == Code::RelativePath && key.type == TypeWord::ProgramPath && fits_name(*text)) {
    fault->mended = "/usr/bin/" + *text;
    fault->helps.emplace_back("a program is not looked up in `PATH`: its whole path is needed");
  }
  return fault ? report(*fault, value, *text, in) : true;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, std::vector<Placed<Template>>& out, const Decoding& in) {
  const ast::Array* list = list_of(value, key, in);
  if (list == nullptr) return false;
  bool good = true;
  for (const ast::Value& item : list->items) {
    out.push_back({{}, item.span});
    good = decode_value(item, key, out.back().value, in) && good;
  }
  return good;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, std::vector<Placed<std::string>>& out, const Decoding& in) {
  const ast::Array* list = list_of(value, key, in);
  if (list == nullptr) return false;
  bool good = true;
  for (const ast::Value& item : list->items) {
    out.push_back({{}, item.span});
    good = decode_element(item, key, out.back().value, in) && good;
  }
  return good;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Version&, const Decoding& in) {
  const std::int64_t* number = value.integer();
  const std::string* text = value.string();
  if (number == nullptr) return wrong_type(value, key, "an integer", in, text != nullptr && *text == "1" ? std::optional(*text) : std::nullopt);
  if (*number == 1) return true;
  in.diags.add(Code::OtherVersion, value.span, "version " + std::to_string(*number) + " of the language").help("this compiler knows version 1");
  return false;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::EnvMap& out, const Decoding& in) {
  const ast::Table* table = value.table();
  if (table == nullptr) return wrong_type(value, key, "a table", in);
  if (table->members.size() > wire::kMaxList) {
    in.diags.add(Code::ListTooLong, value.span, "a table of " + std::to_string(table->members.size()) + " variables");
    return false;
  }
  bool good = true;
  for (const ast::Member& member : table->members) {
    if (!is_variable_name(member.key, false)) {
      in.diags.add(Code::BadVariableName, member.key_span, "`" + member.key + "` is not the name of a variable");
      good = false;
    }
    out.push_back({member.key, member.key_span, {}, member.value.span});
    const KeyInfo variable{member.key.c_str(), nullptr, false, TypeWord::Text};
    good = decode_value(member.value, variable, out.back().value, in) && good;
  }
  return good;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Id& out, const Decoding& in) {
  constexpr std::string_view kWords[] = {"caller", "overflow"};
  constexpr std::int64_t kMost = 0xffff'fffe;  // the last one means "none" to the kernel
  if (const std::int64_t* number = value.integer()) {
    if (*number >= 0 && *number <= kMost) {
      out = {type::Id::Kind::Fixed, static_cast<std::uint32_t>(*number)};
      return true;
    }
    in.diags.add(Code::BadId, value.span, std::to_string(*number) + " is not an id").help("ids go from 0 to " + std::to_string(kMost));
    return false;
  }
  const std::string* text = value.string();
  if (text == nullptr) return wrong_type(value, key, "a string or an integer", in);
  if (*text == kWords[0] || *text == kWords[1]) {
    out = {*text == kWords[0] ? type::Id::Kind::Caller : type::Id::Kind::Overflow, 0};
    return true;
  }
  Diagnostic& diag = in.diags.add(Code::BadId, value.span, "`" + *text + "` is not an id");
  const bool digits = !text->empty() && text->size() < 10 && text->find_first_not_of("0123456789") == std::string::npos;
  if (const auto near = nearest(*text, kWords)) diag.fix(value.span, toml_quoted(*near), "did you mean `" + std::string(*near) + "`?");
  if (digits) diag.fix(value.span, std::to_string(std::stoul(*text)), "a number stands without quotes");
  diag.help(std::string("`") + key.name + "` takes " + value_in_words(key.type));
  return false;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Mode& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return false;
  const auto fault = parse_mode(*text, out);
  return fault ? report(*fault, value, *text, in) : true;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Size& out, const Decoding& in) {
  std::optional<TextFault> fault;
  if (const std::int64_t* bytes = value.integer()) fault = check_size(*bytes, out);
  else if (const std::string* text = value.string()) fault = parse_size(*text, out);
  else return wrong_type(value, key, "a string or an integer", in);
  if (fault) fault->begin = fault->end = 0;  // the whole value
  return fault ? report(*fault, value, {}, in) : true;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Duration& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return false;
  const auto fault = parse_duration(*text, out);
  return fault ? report(*fault, value, *text, in) : true;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::SourceFile& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr || empty_or_nul(value, key, *text, in)) return false;
  out.path = *text;
  return true;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::IdPair& out, const Decoding& in) {
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return false;
  const std::size_t colon = text->find(':');
  const auto number = [&](std::string_view digits, std::uint32_t& to) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), to);
    return error == std::errc() && end == digits.data() + digits.size() && to != 0xffff'ffff;
  };
  if (colon != std::string::npos && number(std::string_view(*text).substr(0, colon), out.uid) && number(std::string_view(*text).substr(colon + 1), out.gid)) return true;
  in.diags.add(Code::BadId, value.span, "`" + *text + "` is not a user and a group id").help("write both as numbers, `1000:1000`");
  return false;
}

namespace {

/// A whole number within bounds; else reports it.
std::optional<std::int64_t> number_within(const ast::Value& value, const KeyInfo& key, std::int64_t least, std::int64_t most, const Decoding& in) {
  const std::int64_t* number = value.integer();
  if (number == nullptr) {
    wrong_type(value, key, "an integer", in);
    return std::nullopt;
  }
  if (*number >= least && *number <= most) return *number;
  in.diags.add(Code::BadNumber, value.span, std::string("`") + key.name + "` is " + std::to_string(*number))
      .help(std::string("`") + key.name + "` takes " + value_in_words(key.type));
  return std::nullopt;
}

}  // namespace

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Descriptor& out, const Decoding& in) {
  const auto number = number_within(value, key, 3, 1023, in);
  if (number) out = static_cast<type::Descriptor>(*number);
  return number.has_value();
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Port& out, const Decoding& in) {
  const auto number = number_within(value, key, 0, 65535, in);
  if (number) out = static_cast<type::Port>(*number);
  return number.has_value();
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Descriptors& out, const Decoding& in) {
  const ast::Array* list = list_of(value, key, in);
  if (list == nullptr) return false;
  bool good = true;
  for (const ast::Value& item : list->items) {
    out.push_back({0, item.span});
    good = decode_value(item, key, out.back().value, in) && good;
  }
  return good;
}

bool decode_value(const ast::Value& value, const KeyInfo& key, type::Limit& out, const Decoding& in) {
  if (value.integer() != nullptr) {
    const auto number = number_within(value, key, 0, INT64_MAX, in);
    if (number) out.value = static_cast<std::uint64_t>(*number);
    return number.has_value();
  }
  const std::string* text = text_of(value, key, in);
  if (text == nullptr) return false;
  if (*text == "unlimited") {
    out.value = UINT64_MAX;
    return true;
  }
  const std::string_view name = key.name;
  std::optional<TextFault> fault;
  if (name == "cpu" || name == "rttime") {
    type::Duration time;
    fault = parse_duration(*text, time);
    out.value = name == "cpu" ? (std::uint64_t{time.ms} + 999) / 1000 : std::uint64_t{time.ms} * 1000;
  } else {
    type::Size size;
    fault = parse_size(*text, size);
    out.value = size.number;
    if (!fault && size.percent) return wrong_type(value, key, "a number of bytes", in);
  }
  return fault ? report(*fault, value, *text, in) : true;
}

namespace {

/// A list of words of one set. The enumerators stand in the order of the words.
template <class Enum>
bool decode_words(const ast::Value& value, const KeyInfo& key, Words words, std::vector<Placed<Enum>>& out, const Decoding& in) {
  const ast::Array* list = list_of(value, key, in);
  if (list == nullptr) return false;
  bool good = true;
  for (const ast::Value& item : list->items) {
    const auto word = word_of(item, key, words, in);
    if (word) out.push_back({static_cast<Enum>(*word), item.span});
    good = good && word.has_value();
  }
  return good;
}

}  // namespace

// A key that takes one word of a set, or a list of them.
#define WORDS(Enum, doc)                                                                                                     \
  bool decode_value(const ast::Value& value, const KeyInfo& key, std::vector<Placed<type::Enum>>& out, const Decoding& in) { \
    return decode_words(value, key, k##Enum##Words, out, in);                                                                \
  }                                                                                                                          \
  bool decode_value(const ast::Value& value, const KeyInfo& key, type::Enum& out, const Decoding& in) {                      \
    const auto word = word_of(value, key, k##Enum##Words, in);                                                               \
    if (word) out = static_cast<type::Enum>(*word);                                                                          \
    return word.has_value();                                                                                                 \
  }
#include "schema/language.def"

}  // namespace immure
