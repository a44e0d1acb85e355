// The TOML document as our own tree: members in source order, byte spans on every key and value.
//
// toml++ keeps tables sorted by key and counts columns in code points; read_toml.cc converts once, and no type of toml++ leaves it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source.h"

namespace immure::ast {

struct Value;
struct Member;

struct Array {
  std::vector<Value> items;
};
struct Table {
  std::vector<Member> members;
};
/// A TOML type that the language has no use for: float, date, time.
struct Other {
  std::string kind;  // "a float", "a date", …
};

struct Value {
  Span span;
  std::variant<std::string, std::int64_t, bool, Array, Table, Other> data;

  const std::string* string() const { return std::get_if<std::string>(&data); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data); }
  const bool* boolean() const { return std::get_if<bool>(&data); }
  const Array* array() const;
  const Table* table() const;
  /// "a string", "an integer", "a table", …: for messages.
  std::string kind() const;
};

struct Member {
  std::string key;
  Span key_span;
  Value value;
};

inline const Array* Value::array() const { return std::get_if<Array>(&data); }
inline const Table* Value::table() const { return std::get_if<Table>(&data); }
inline std::string Value::kind() const {
  struct Name {
    std::string operator()(const std::string&) const { return "a string"; }
    std::string operator()(std::int64_t) const { return "an integer"; }
    std::string operator()(bool) const { return "a boolean"; }
    std::string operator()(const Array&) const { return "a list"; }
    std::string operator()(const Table&) const { return "a table"; }
    std::string operator()(const Other& other) const { return other.kind; }
  };
  return std::visit(Name{}, data);
}

}  // namespace immure::ast
