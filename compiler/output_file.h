// Writing the output: whole or not at all.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compiler/diag.h"

namespace immure {

/// Puts `bytes` at `path` with exactly `mode`, replacing a regular file. `inputs` are files that must not be replaced. On failure says why, leaves
/// what stood at `path` as it was and nothing beside it.
[[nodiscard]] bool write_output(const std::string& path, std::string_view bytes, unsigned mode, std::span<const std::string> inputs, Diagnostics& diags);

/// Where an output at `path` goes: what dirname(1) says of it.
std::string directory_of(const std::string& path);

/// Writes to a descriptor that is open already (standard output); 0 or an errno.
[[nodiscard]] int write_all(int fd, std::string_view bytes);

}  // namespace immure
