// One value of the TOML tree as one type of the language: an overload per C++ type of values.h.
//
// Where several type words share a C++ type (a Path and a Text are both Templates), KeyInfo::type tells which rules hold. Defaults go
// through the same functions, from the text in language.def.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ast.h"
#include "compiler/diag.h"
#include "compiler/profile.h"
#include "compiler/source.h"

namespace immure {

/// Where values come from and where their faults go.
struct Decoding {
  const Sources& sources;
  Diagnostics& diags;
};

// Each returns whether `out` holds a good value; if not, it has been reported.
bool decode_value(const ast::Value& value, const KeyInfo& key, bool& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, std::uint64_t& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, std::string& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, Template& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, std::vector<Placed<Template>>& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, std::vector<Placed<std::string>>& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Version& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::EnvMap& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Id& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Mode& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Size& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Duration& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::SourceFile& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::FilterAction& out, const Decoding& in);  // decode_filter.cc
bool decode_value(const ast::Value& value, const KeyInfo& key, type::RuleTests& out, const Decoding& in);     // decode_filter.cc
bool decode_value(const ast::Value& value, const KeyInfo& key, type::IdPair& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Descriptor& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Descriptors& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Limit& out, const Decoding& in);
bool decode_value(const ast::Value& value, const KeyInfo& key, type::Port& out, const Decoding& in);
#define WORDS(Enum, doc)                                                                               \
  bool decode_value(const ast::Value& value, const KeyInfo& key, type::Enum& out, const Decoding& in); \
  bool decode_value(const ast::Value& value, const KeyInfo& key, std::vector<Placed<type::Enum>>& out, const Decoding& in);
#include "schema/language.def"

/// What a key of this type takes, in words: "a list of preset names".
std::string value_in_words(TypeWord word);

/// A text as TOML writes it.
std::string toml_quoted(std::string_view text);

}  // namespace immure
