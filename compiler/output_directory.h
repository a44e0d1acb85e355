// Writing a directory: a new one, whole or not at all.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace immure {

struct OutputEntry {
  enum class Kind { Directory, File, Symlink } kind = Kind::File;
  std::uint32_t mode = 0644;
  std::string content;  // of a file; what a link points to
};
/// By path below the directory, without a leading slash. Parents that are not listed are made with mode 0755.
using OutputDirectory = std::map<std::string, OutputEntry>;

/// Makes `path`, which must not be there. Why it could not; empty when it could.
[[nodiscard]] std::string write_directory(const std::string& path, const OutputDirectory& entries);

}  // namespace immure
