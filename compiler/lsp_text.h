// Places as the Language Server Protocol has them: lines from 0, and columns in UTF-16 code units, which is what editors count; files as URIs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/json.h"
#include "compiler/source.h"

namespace immure {

Json lsp_position(const SourceFile& file, std::uint32_t offset);
Json lsp_range(const SourceFile& file, std::uint32_t begin, std::uint32_t end);
/// The byte of a position; clamped to the line and to the file.
std::uint32_t lsp_offset(const SourceFile& file, const Json& position);

/// Of `file:///…`; another URI stays as it is.
std::string path_of_uri(std::string_view uri);
std::string uri_of_path(std::string_view path);

}  // namespace immure
