// Comparing paths by their text, component by component.
//
// A launch variable is taken as a name of its own: equal text with equal variables is an equal path, whatever they are bound to, and what lies below it by its
// text lies below it in fact, because a bound path may hold no `..`. So "inside" and "same" are always true when said; "not inside" may be wrong.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/values.h"

namespace immure {

using Components = std::vector<std::string>;

/// Of a literal path or a template.
Components components(const Template& path);
Components components(std::string_view path);
/// Whether a component is, or has in it, a launch variable.
inline bool is_variable(const std::string& component) { return component.find('\0') != std::string::npos; }
/// Whether `path` is `directory` or lies below it.
bool at_or_below(const Components& path, const Components& directory);
inline bool strictly_below(const Components& path, const Components& directory) { return path.size() > directory.size() && at_or_below(path, directory); }

/// Paths with a number each, to be found from paths below them. A question costs the length of its path, however many there are.
class PathIndex {
 public:
  static constexpr std::int32_t kNone = -1;
  /// Returns the number that the path already had, and then leaves it alone; or kNone.
  std::int32_t add(const Components& path, std::int32_t number);
  void set(const Components& path, std::int32_t number);
  /// The number of the outermost path that `path` lies strictly below, or kNone.
  std::int32_t above(const Components& path) const;
  std::int32_t at(const Components& path) const;
  /// The number of some path strictly below `path`, or kNone.
  std::int32_t below(const Components& path) const;
  /// The highest number on the way to `path`, itself included.
  std::int32_t highest_on_the_way(const Components& path) const;

 private:
  struct Node {
    std::map<std::string, std::uint32_t, std::less<>> children;
    std::int32_t number = kNone;
  };
  std::vector<Node> nodes_{Node{}};
  std::uint32_t make(const Components& path);
};

}  // namespace immure
