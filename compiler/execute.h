// Running a launcher that is on no disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace immure {

/// Becomes the launcher, with argv[0] = `name`. Returns only on failure: an errno.
[[nodiscard]] int execute(const std::string& name, std::string_view launcher, const std::vector<std::string>& args);

}  // namespace immure
