// The C++ types of the language's values: one per TYPE row of schema/language.def, and one enum per WORDS group.
//
// A value of these types has been checked: a Path is absolute and normal, a Mode is at most 07777, and so on. Only decode.cc makes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/policy.h"
#include "compiler/source.h"

namespace immure {

/// A piece of a Text: literal text, or a launch variable with its default.
struct Segment {
  bool variable = false;
  std::string text;                     // the literal, or the variable's name
  std::optional<std::string> fallback;  // of `${NAME:-fallback}`
  friend bool operator==(const Segment&, const Segment&) = default;
};

/// Text that may hold launch variables. Adjacent literals are merged, so a Text without variables has at most one segment.
struct Template {
  std::vector<Segment> segments;
  bool literal() const { return segments.empty() || (segments.size() == 1 && !segments[0].variable); }
  /// Only of a literal one.
  std::string str() const { return segments.empty() ? std::string() : segments[0].text; }
  /// As the author wrote it, more or less: for messages.
  std::string shown() const;
  friend bool operator==(const Template&, const Template&) = default;
};

/// Text with the place of each element, for lists.
template <class T>
struct Placed {
  T value;
  Span span;
};

namespace type {

using Bool = bool;
struct Version {};
using Name = std::string;
using Plain = std::string;
using Text = Template;
using LinkText = Template;
using Texts = std::vector<Placed<Template>>;
/// Absolute; when literal: no `.`, `..` or empty component, no trailing slash.
using Path = Template;
using ProgramPath = Template;
using HostPath = Template;
using HostPaths = std::vector<Placed<Template>>;
using Fragments = std::vector<Placed<std::string>>;
using Variables = std::vector<Placed<std::string>>;
using Globs = std::vector<Placed<std::string>>;
struct EnvVar {
  std::string name;
  Span name_span;
  Template value;
  Span value_span;
};
using EnvMap = std::vector<EnvVar>;
struct Id {
  enum class Kind { Caller, Overflow, Fixed } kind = Kind::Caller;
  std::uint32_t number = 0;
};
struct Mode {
  std::uint32_t bits = 0;
};
struct Size {
  std::uint64_t number = 0;
  bool percent = false;  // of RAM
};
using Count = std::uint64_t;
struct Duration {
  std::uint32_t ms = 0;
};
using Base64 = std::string;  // decoded
struct SourceFile {
  std::string path;     // as written
  std::string content;  // where resolve loads it here
};

using FilterAction = Action;
using Syscalls = std::vector<Placed<std::string>>;  // names and @groups, as written
/// An entry of `args`. What it means depends on the call: see syscall_values.def, NARROW.
struct RuleTest {
  enum class Op { Eq, Ne, Lt, Le, Gt, Ge, MaskedEq } op = Op::Eq;
  bool wide = false;  // the `64` forms
  std::uint8_t index = 0;
  std::uint64_t value = 0;
  std::uint64_t mask = kAllBits;
};
using RuleTests = std::vector<Placed<RuleTest>>;

#define WORDS(Enum, doc) enum class Enum {
#define WORD(Enumerator, spelling, doc) Enumerator,
#define END_WORDS(Enum) \
  }                     \
  ;
#include "schema/language.def"

using Presets = std::vector<Placed<Preset>>;
using Restrictions = std::vector<Placed<Restriction>>;
struct IdPair {
  std::uint32_t uid = 0, gid = 0;
};
using Descriptor = std::int32_t;
using Descriptors = std::vector<Placed<std::int32_t>>;
using CapabilityNames = std::vector<Placed<Capability>>;
/// In the limit's own unit: bytes, seconds, microseconds, pieces. UINT64_MAX: unlimited.
struct Limit {
  std::uint64_t value = 0;
};
using Scopes = std::vector<Placed<Scope>>;
using PathRights = std::vector<Placed<PathRight>>;
using PortRights = std::vector<Placed<PortRight>>;
using Port = std::uint16_t;

}  // namespace type

/// The type words themselves: several of them share a C++ type and differ in what they allow.
enum class TypeWord {
#define WORDS(Enum, doc) Enum,
#define TYPE(Name, json, words) Name,
#include "schema/language.def"
};
}  // namespace immure
