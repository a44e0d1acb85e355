// Names of values that arguments of system calls take, such as CLONE_NEWUSER.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace immure {

std::optional<std::uint64_t> syscall_value(std::string_view name);
std::vector<std::string_view> syscall_value_names();

/// The names of a text like "CLONE_NEWUSER | CLONE_NEWNET", without the spaces around them.
std::vector<std::string_view> joined_names(std::string_view text);

}  // namespace immure
