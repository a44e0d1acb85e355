// Asking the view: where a path leads, what a node's path is, which flags a mount has. Pure questions; simulate.cc is what builds it.
#include "compiler/view.h"

#include <algorithm>

#include "compiler/fs_names.h"

namespace immure {
namespace {

constexpr int kMaxLinks = 40;  // MAXSYMLINKS, path_resolution(7)

/// Puts a path's components on the stack, the first on top.
void push_components(std::string_view path, std::vector<std::string_view>& stack) {
  const std::size_t bottom = stack.size();
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, slash);
    if (!name.empty() && name != ".") stack.push_back(name);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(bottom), stack.end());
}

bool may_have_entries(const ViewNode& node) { return node.kind == NodeKind::Directory || node.kind == NodeKind::Unknown; }

std::vector<std::string> remaining(std::string_view name, const std::vector<std::string_view>& stack) {
  std::vector<std::string> rest{std::string(name)};
  rest.insert(rest.end(), stack.rbegin(), stack.rend());
  return rest;
}

}  // namespace

Walk View::walk(std::string_view path, bool follow_last) const {
  Walk walk;
  std::vector<std::string_view> stack;
  push_components(path, stack);
  std::size_t own = stack.size();  // components of `path` itself; what lies above them on the stack came out of a symlink
  bool certain = true;
  int links = 0;
  while (!stack.empty()) {
    const std::string_view name = stack.back();
    stack.pop_back();
    const bool from_link = stack.size() >= own;
    own = std::min(own, stack.size());
    const ViewNode& at = nodes[walk.node];
    if (!may_have_entries(at)) {
      walk.end = certain ? Walk::End::NotDirectory : Walk::End::Unknown;
      walk.lost = true;
      walk.rest = remaining(name, stack);
      return walk;
    }
    if (name == "..") {  // only in the contents of symlinks
      if (!certain || at.kind == NodeKind::Unknown) {
        walk.end = Walk::End::Unknown;
        walk.lost = true;
        return walk;
      }
      walk.node = at.parent;
      continue;
    }
    // A variable's value has at least one component, so a floating name is never the first.
    // Only a `root` makes the root opaque, and it has names that it leaves alone.
    const bool opaque = at.opaque && !(walk.node == 0 && root_leaves_out(name));
    if (opaque || anywhere || (walk.node != 0 && floating.contains(name))) certain = false;
    const auto child = at.children.find(name);
    if (child == at.children.end()) {
      // What is missing on the way may be made by a floating target that lies further down.
      const auto floats = [&](std::string_view below) { return floating.contains(below); };
      if (std::any_of(stack.begin(), stack.end(), floats)) certain = false;
      walk.end = !certain ? Walk::End::Unknown : from_link ? Walk::End::Dangling : Walk::End::Missing;
      walk.rest = remaining(name, stack);
      return walk;
    }
    const ViewNode& next = nodes[child->second];
    if (next.kind != NodeKind::Symlink || (stack.empty() && !follow_last)) {
      walk.node = child->second;
      continue;
    }
    if (!certain || !next.link_known) {
      walk.end = Walk::End::Unknown;
      walk.lost = true;
      return walk;
    }
    walk.link = child->second;
    if (++links > kMaxLinks) {
      walk.end = Walk::End::Loop;
      return walk;
    }
    const std::string_view contents = next.link.segments.front().text;
    if (contents.starts_with('/')) walk.node = 0;
    push_components(contents, stack);
  }
  walk.end = certain ? Walk::End::Found : Walk::End::Unknown;
  return walk;
}

std::string View::path_of(std::uint32_t node) const {
  if (node == 0) return "/";
  std::vector<std::string_view> names;
  for (; node != 0; node = nodes[node].parent) names.push_back(nodes[node].name);
  std::string path;
  for (auto name = names.rbegin(); name != names.rend(); ++name) path.append("/").append(*name);
  return path;
}

std::int32_t View::flag_from(std::uint32_t mount, MountFlag flag, bool inside) const {
  const ViewMount& m = mounts[mount];
  if (m.flags[flag] != ViewMount::kUnset && !(inside && m.alone[flag])) return m.flags[flag];
  // A recursive remount reaches the mounts that were there when it ran: those of earlier ops.
  for (std::uint32_t node = m.node;; node = nodes[node].parent) {
    if (nodes[node].sealed[flag] > m.op) return nodes[node].sealed[flag];
    if (node == 0) return ViewMount::kUnset;
  }
}

bool View::may_have_more(std::uint32_t mount, std::string_view path) const {
  if (open_remounts.at.empty() && open_remounts.below.empty() && open_remounts.named.empty()) return false;
  const ViewMount& m = mounts[mount];
  const auto later = [&](const OpenRemounts::Last& all, std::string_view key) {
    const auto found = all.find(key);
    return found != all.end() && found->second > m.op;
  };
  if (later(open_remounts.below, "")) return true;
  // Of the host's contents some may be on a mount of their own.
  const std::string root = path_of(m.node);
  const std::string_view reached = m.kind == ViewMount::Kind::Host ? path : std::string_view(root);
  for (std::size_t slash = 0, next = 0; slash < reached.size(); slash = next) {
    next = std::min(reached.find('/', slash + 1), reached.size());
    const std::string_view upto = reached.substr(0, next);
    if (next >= root.size() && later(open_remounts.at, upto)) return true;
    if (later(open_remounts.below, upto) || (slash != 0 && later(open_remounts.named, reached.substr(slash + 1, next - slash - 1)))) return true;
  }
  return false;
}

}  // namespace immure
