// What `immure import` can read: a row in the table, and one function in the file import_NAME.cc. A new format is these two, a line in docs/import.md, and a test.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

struct ImportFormat {
  std::string_view name;
  std::string_view about;  // in a line, for help and completions
  /// The text of a profile; nothing where the file is not of this format, which is reported. What cannot be carried over is a diagnostic, and a comment at its place.
  std::optional<std::string> (*import)(const Sources& sources, std::uint32_t file, Diagnostics& diags) = nullptr;
};

std::span<const ImportFormat> import_formats();

std::optional<std::string> import_bwrap(const Sources& sources, std::uint32_t file, Diagnostics& diags);
std::optional<std::string> import_oci(const Sources& sources, std::uint32_t file, Diagnostics& diags);

/// How the comment begins that stands where something was left out.
inline constexpr const char* kNotCarried = "not carried over: ";

}  // namespace immure
