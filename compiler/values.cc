// The one thing a checked value does itself: show how it was written.
#include "compiler/values.h"

namespace immure {

std::string Template::shown() const {
  std::string result;
  for (const Segment& segment : segments) {
    if (segment.variable) {
      result += "${" + segment.text + (segment.fallback ? ":-" + *segment.fallback : "") + "}";
      continue;
    }
    for (const char c : segment.text) result += c == '$' ? "$$" : std::string(1, c);
  }
  return result;
}

}  // namespace immure
