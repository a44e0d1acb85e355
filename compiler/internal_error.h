// A fault of ours, as opposed to one of the profile or of the system.
//
// Thrown where a pass finds that an earlier one broke its promise, or that its own output does not hold what it must: the image that the reader
// refuses, the filter that answers otherwise than its policy. Unlike an assert it is there in release builds too, because the alternative would be
// a launcher that confines less than the profile says. main.cc alone catches it.
#pragma once

#include <stdexcept>
#include <string>

namespace immure {

struct InternalError : std::logic_error {
  explicit InternalError(const std::string& what) : std::logic_error(what) {}
};

}  // namespace immure
