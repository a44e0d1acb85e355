// Diagnostics that stand on their own: no index into sources that are gone.
//
// `check` judges thousands of profiles and keeps none of them: what was found in one is turned into this, and its text is let go. The machine forms
// (diag_json, diag_sarif, diag_github) are written from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

/// A place as readers of files count it: lines and columns from 1.
struct Spot {
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // bytes
  std::uint32_t letter = 0;  // code points, as SARIF and editors count
};

struct Place {
  std::string file;  // empty: nowhere
  Spot begin, end;
  std::uint32_t offset = 0, end_offset = 0;
  bool known() const { return !file.empty(); }
};

struct Finding {
  struct Label {
    Place place;
    std::string text;
  };
  struct Fix {
    Place place;
    std::string replacement;
    std::string title;
  };
  Code code = Code::TomlSyntax;
  Place place;
  std::string message;
  std::vector<Label> labels;
  std::vector<std::string> helps;
  std::vector<Fix> fixes;
  std::string line;      // the text of the place's line without the blanks around it: what a baseline knows it by
  bool in_main = false;  // in the profile itself, not in one of its fragments
};

/// In source order, repeated ones once. `main`: the profile's file.
std::vector<Finding> findings(const Diagnostics& diags, const Sources& sources, std::uint32_t main);

}  // namespace immure
