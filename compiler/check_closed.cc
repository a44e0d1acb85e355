// Places that a profile closes inside what the program may write, below a directory that the program can move away.
//
// A mount point cannot be renamed or removed (EBUSY, rename(2)); a plain directory above one can, and takes the mount with it. What then stands at the old name is the
// program's, and whoever comes next, the host or a launch, meets that. Only binds count as what is written: a tmpfs is forgotten, and in an overlay directories of a lower
// layer cannot be renamed (EXDEV).
#include <algorithm>
#include <set>

#include "compiler/check_rules.h"
#include "compiler/sight.h"

namespace immure::rules {
namespace {

/// Whether the node is still there when all entries have run.
bool in_sight(const View& view, std::uint32_t node) {
  for (; node != 0; node = view.nodes[node].parent) {
    const auto& children = view.nodes[view.nodes[node].parent].children;
    const auto found = children.find(view.nodes[node].name);
    if (found == children.end() || found->second != node) return false;
  }
  return true;
}

/// The directories from the writable mount down to the closed place, without both; the outermost first.
std::vector<std::uint32_t> between(const View& view, std::uint32_t writable, std::uint32_t closed) {
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t at = view.nodes[closed].parent; at != writable; at = view.nodes[at].parent) nodes.push_back(at);
  std::reverse(nodes.begin(), nodes.end());
  return nodes;
}

/// The entry that makes a mount point of the directory at `path`, which stays as writable as the bind around it.
std::string cure(const std::string& path, const std::string& target, const std::string& source, bool optional) {
  const std::string from = source + path.substr(target.size());
  return "`{ bind = \"" + path + "\"" + (from == path ? "" : ", from = \"" + from + "\"") + ", write = true" + (optional ? ", optional = true" : "") + " }`";
}

}  // namespace

void closed(const Profile& profile, const View& view, Diagnostics& diags) {
  std::set<std::uint32_t> named;
  for (std::uint32_t i = 1; i < view.mounts.size(); ++i) {
    const std::uint32_t node = view.mounts[i].node;
    const std::uint32_t around = view.nodes[view.nodes[node].parent].mount;
    const ViewMount& outer = view.mounts[around];
    if (!view.nodes[node].main || outer.op < 0 || !final_flag(profile, view, i, kReadonly) || final_flag(profile, view, around, kReadonly)) continue;
    const FsEntry& outer_entry = profile.fs[static_cast<std::size_t>(outer.op)];
    const FsEntry& entry = profile.fs[static_cast<std::size_t>(view.mounts[i].op)];
    const BindOp* writable = std::get_if<BindOp>(&outer_entry.op);
    const std::vector<std::uint32_t> movable = between(view, outer.node, node);
    // With `create` something new is put there, and nothing of the host is closed.
    if (writable == nullptr || movable.empty() || may_create(entry) || !in_sight(view, node) || view.may_have_more(around, view.path_of(movable.back()))) continue;
    if (!named.insert(movable.front()).second) continue;
    const BindOp* bind = std::get_if<BindOp>(&entry.op);
    std::string help = "a mount point cannot be renamed: before this entry bind ";
    for (const std::uint32_t at : movable)
      help += (at == movable.front() ? "" : ", then ") +
              cure(view.path_of(at), view.path_of(outer.node), source_of(outer_entry, *writable)->shown(), bind != nullptr && *bind->optional);
    diags
        .add(Code::ClosedBelowMovable, entry.target.span,
             "the program can rename `" + view.path_of(movable.front()) + "`, and put one with a `" + view.path_of(node) + "` of its own in its place")
        .label(outer_entry.target.span, "all below this may be written")
        .help(help);
  }
}

}  // namespace immure::rules
