// Whether the profile makes writable what confines the program: itself, or its launcher.
//
// Apart from the other rules because it is the only one that must know where files lie: of a text alone, and with equal answers everywhere, nothing can be said.
#pragma once

#include <string>
#include <vector>

#include "compiler/diag.h"
#include "compiler/host.h"
#include "compiler/profile.h"

namespace immure {

struct OwnFile {
  std::string what;  // "the profile", "the launcher"
  std::string path;  // absolute, without links; empty: nobody knows
};
void check_own_files(const Profile& profile, const std::vector<OwnFile>& files, const HostFiles& host, Diagnostics& diags);

}  // namespace immure
