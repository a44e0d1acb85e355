// The front half's driver: from a path to the whole profile.
//
// It reads the file (read_toml), decodes it (decode), does the same for what it extends, merges (merge), gives every key its default, loads the
// files that `source` names, and checks what only the whole can show: required keys and launch variables. This is the one pass that calls
// others, because what to read next stands in what was read last.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "compiler/diag.h"
#include "compiler/profile.h"
#include "compiler/source.h"

namespace immure {

/// A profile, a fragment and an embedded file are at most this large.
inline constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

struct FileText {
  std::string text;
  int error = 0;  // errno; 0: read
};
/// What the pipeline gives to read with. It need not read on after kMaxFileBytes + 1 bytes.
using ReadFile = std::function<FileText(const std::string& path)>;

/// What a file is read as. A fragment needs no program and declares no variables for others: it is judged as far as it goes alone.
enum class Part { Profile, Fragment };

/// The resolved profile. Nothing where going on would only report consequences: a file could not be read, an op was not understood, or the program
/// is missing; at least one error has been reported then. A profile that is returned may have had errors too, in keys that now have their default.
std::optional<Profile> load_profile(const std::string& path, Sources& sources, const ReadFile& read_file, Diagnostics& diags, Part part = Part::Profile);

}  // namespace immure
