// See paths.h.
#include "compiler/paths.h"

#include <algorithm>

namespace immure {
namespace {

/// Adds literal text to the components; `open`: the last one may still grow.
void add_literal(std::string_view text, Components& to, bool& open) {
  for (const char c : text) {
    if (c == '/') {
      open = false;
      continue;
    }
    if (!open) to.emplace_back();
    open = true;
    to.back() += c;
  }
}

}  // namespace

Components components(const Template& path) {
  Components result;
  bool open = false;
  for (const Segment& segment : path.segments) {
    if (!segment.variable) {
      add_literal(segment.text, result, open);
      continue;
    }
    if (!open) result.emplace_back();
    open = true;
    // NUL cannot stand in a literal, so no name of a file can be taken for a variable.
    std::string& name = result.back();
    name += '\0';
    name += segment.text;
    if (segment.fallback) (name += '\0') += *segment.fallback;
    name += '\0';
  }
  return result;
}

Components components(std::string_view path) {
  Components result;
  bool open = false;
  add_literal(path, result, open);
  return result;
}

bool at_or_below(const Components& path, const Components& directory) { return path.size() >= directory.size() && std::equal(directory.begin(), directory.end(), path.begin()); }

std::uint32_t PathIndex::make(const Components& path) {
  std::uint32_t at = 0;
  for (const std::string& name : path) {
    const auto next = static_cast<std::uint32_t>(nodes_.size());
    const auto [child, fresh] = nodes_[at].children.try_emplace(name, next);
    at = child->second;
    if (fresh) nodes_.emplace_back();
  }
  return at;
}

std::int32_t PathIndex::add(const Components& path, std::int32_t number) {
  std::int32_t& slot = nodes_[make(path)].number;
  const std::int32_t before = slot;
  if (before == kNone) slot = number;
  return before;
}

void PathIndex::set(const Components& path, std::int32_t number) { nodes_[make(path)].number = number; }

std::int32_t PathIndex::above(const Components& path) const {
  std::uint32_t at = 0;
  for (const std::string& name : path) {
    if (nodes_[at].number != kNone) return nodes_[at].number;
    const auto child = nodes_[at].children.find(name);
    if (child == nodes_[at].children.end()) return kNone;
    at = child->second;
  }
  return kNone;
}

std::int32_t PathIndex::at(const Components& path) const {
  std::uint32_t at = 0;
  for (const std::string& name : path) {
    const auto child = nodes_[at].children.find(name);
    if (child == nodes_[at].children.end()) return kNone;
    at = child->second;
  }
  return nodes_[at].number;
}

std::int32_t PathIndex::below(const Components& path) const {
  std::uint32_t at = 0;
  for (const std::string& name : path) {
    const auto child = nodes_[at].children.find(name);
    if (child == nodes_[at].children.end()) return kNone;
    at = child->second;
  }
  // A node without children has a number: it was made for it.
  while (!nodes_[at].children.empty()) {
    at = nodes_[at].children.begin()->second;
    if (nodes_[at].number != kNone) return nodes_[at].number;
  }
  return kNone;
}

std::int32_t PathIndex::highest_on_the_way(const Components& path) const {
  std::uint32_t at = 0;
  std::int32_t highest = nodes_[0].number;
  for (const std::string& name : path) {
    const auto child = nodes_[at].children.find(name);
    if (child == nodes_[at].children.end()) break;
    at = child->second;
    highest = std::max(highest, nodes_[at].number);
  }
  return highest;
}

}  // namespace immure
