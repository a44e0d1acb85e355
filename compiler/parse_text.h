// Strings of the profile as what they mean: templates with launch variables, and paths. Pure functions of the text; places are bytes in it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag.h"
#include "compiler/values.h"

namespace immure {

/// What is wrong with a text, and where in it.
struct TextFault {
  Code code;
  std::size_t begin = 0, end = 0;
  std::string message;
  std::vector<std::string> helps = {};
  std::optional<std::string> mended = {};  // the whole text as it should be, where that is certain
};

/// `${NAME}`, `${NAME:-default}`, `$$`; a template without a fault, or the fault.
[[nodiscard]] std::optional<TextFault> parse_template(std::string_view text, Template& out);

/// The same for an absolute, normal path. A launch variable is taken as a name that is not empty, or as its default.
[[nodiscard]] std::optional<TextFault> parse_path(std::string_view text, Template& out);

/// [A-Za-z_][A-Za-z0-9_]*; with `pattern` also `*` and `?` anywhere.
bool is_variable_name(std::string_view text, bool pattern);

}  // namespace immure
