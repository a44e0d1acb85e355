// The typed profile: one struct per TABLE and per OP row of schema/language.def, one Field per KEY.
//
// decode.cc fills it from the TOML tree; resolve.cc merges fragments into it and applies the defaults. After resolve, every key that has a
// default is present, and every required one too, or an error has been reported.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "compiler/source.h"
#include "compiler/values.h"

namespace immure {

/// A key's value with its place. `present`: written in a file, or filled in by resolve; a default has no known span.
template <class T>
struct Field {
  T value{};
  bool present = false;
  Span span;      // the value's
  Span key_span;  // the key's
  explicit operator bool() const { return present; }
  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

/// What a KEY row says beside its type.
struct KeyInfo {
  const char* name;
  const char* fallback;  // default as text, or nullptr
  bool required;
  TypeWord type;
};

#define REQUIRED nullptr
#define ABSENT nullptr

#define TABLE(Struct, member, path, doc) struct Struct##Table {
#define KEY(member, key, Type, dflt, doc) Field<type::Type> member;
#define END_TABLE(Struct) \
  }                       \
  ;
#include "schema/language.def"

/// `span`: the whole entry.
#define ROWS(Struct, member, path, doc) \
  struct Struct##Row {                  \
    Span span;
#define ROWKEY(member, key, Type, dflt, doc) Field<type::Type> member;
#define END_ROWS(Struct) \
  }                      \
  ;
#include "schema/language.def"

#define OP(Struct, key, doc) struct Struct##Op {
#define OPKEY(member, key, Type, dflt, doc) Field<type::Type> member;
#define END_OP(Struct) \
  }                    \
  ;
#include "schema/language.def"

/// Every op of the language. The order of the alternatives is the order of the rows.
using AnyOp = std::variant<
#define OP(Struct, key, doc) Struct##Op,
#define END_OP(Struct)
#include "schema/language.def"
    std::monostate>;

struct Placement;

/// One entry of [[fs]].
struct FsEntry {
  Span span;    // the whole entry
  Span op_key;  // the op key itself
  Field<type::Path> target;
  AnyOp op;
  const Placement* planned = nullptr;  // what the plan was made from, where the profile has been made more certain since (check_host); borrowed
};

struct Profile {
#define TABLE(Struct, member, path, doc) Struct##Table member;
#define END_TABLE(Struct)
#include "schema/language.def"
#define ROWS(Struct, member, path, doc) std::vector<Struct##Row> member;
#include "schema/language.def"
  std::vector<FsEntry> fs;
  std::string stem;            // the file's name without directory and `.toml`, made a name: the default name
  bool ops_understood = true;  // false: an error may have hidden an op, so that a view of this profile would mean nothing
};

// visit_keys(table, f) calls f(KeyInfo, field) for every key, in the order of the rows; visit_keys(to, from, f) walks two of a kind.
#define TABLE(Struct, member, path, doc) \
  template <class F>                     \
  void visit_keys(Struct##Table& t, F&& f) {
#define ROWS(Struct, member, path, doc) \
  template <class F>                    \
  void visit_keys(Struct##Row& t, F&& f) {
#define OP(Struct, key, doc) \
  template <class F>         \
  void visit_keys(Struct##Op& t, F&& f) {
#define KEY(member, key, Type, dflt, doc) f(KeyInfo{key, dflt, #dflt[0] == 'R', TypeWord::Type}, t.member);
#define ROWKEY KEY
#define OPKEY KEY
#define END_TABLE(Struct) }
#define END_ROWS(Struct) }
#define END_OP(Struct) }
#include "schema/language.def"

#define TABLE(Struct, member, path, doc) \
  template <class F>                     \
  void visit_keys(Struct##Table& to, const Struct##Table& from, F&& f) {
#define KEY(member, key, Type, dflt, doc) f(to.member, from.member);
#define END_TABLE(Struct) }
#include "schema/language.def"

#undef REQUIRED
#undef ABSENT

}  // namespace immure
