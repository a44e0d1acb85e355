// Stub + image -> launcher, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace immure {

/// The launcher's bytes. The stub is our own, so one that does not fit is an internal error.
std::string link(std::string_view stub, std::string_view image);

/// The image inside a launcher, borrowed from `launcher`. Nothing for any other bytes; what is returned is not verified yet.
std::optional<std::string_view> find_image(std::string_view launcher);

}  // namespace immure
