// For tests of the middle passes: a profile's text through load, simulate, check and lower, without a file.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/check.h"
#include "compiler/lower.h"
#include "compiler/resolve.h"
#include "compiler/view.h"
#include "tests/unit/catch.h"

namespace immure::test {

struct Compiled {
  Sources sources;
  Diagnostics diags;
  Profile profile;
  View view;

  /// The codes of what was reported, in source order, as "E0301 W0337".
  std::string codes() const {
    std::string all;
    for (const Diagnostic& d : diags.sorted()) (all += all.empty() ? "" : " ") += info(d.code).id;
    return all;
  }
  Plan plan() const { return lower(profile, view, sources); }
};

/// `other`: what any other file that is read holds.
inline Compiled compile(const std::string& text, const std::string& other = "") {
  Compiled result;
  const ReadFile read = [&](const std::string& path) { return FileText{path == "test.toml" ? text : other, 0}; };
  std::optional<Profile> profile = load_profile("test.toml", result.sources, read, result.diags);
  REQUIRE(profile.has_value());
  result.profile = std::move(*profile);
  result.view = simulate(result.profile, result.diags);
  check(result.profile, result.view, result.diags);
  return result;
}

/// A profile with these entries of `fs` and a program that /usr may hold; `rest`: further tables.
inline Compiled compile_fs(const std::string& entries, const std::string& rest = "") {
  return compile("immure = 1\nextends = [\"immure:system\"]\nfs = [\n" + entries + "]\n[program]\npath = \"/usr/bin/true\"\n" + rest);
}

}  // namespace immure::test
