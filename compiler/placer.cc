// See placer.h.
#include "compiler/placer.h"

#include <utility>

#include "compiler/fs_names.h"
#include "compiler/paths.h"
#include "schema/wire.h"

namespace immure {
namespace {

const char* in_words(NodeKind kind) {
  switch (kind) {
    case NodeKind::Directory: return "a directory";
    case NodeKind::File: return "a file";
    case NodeKind::Symlink: return "a symbolic link";
    case NodeKind::Device: return "a device";
    case NodeKind::Unknown: return "a part of the host";
  }
  return "";
}

const char* in_words(Want want) {
  switch (want) {
    case Want::Directory: return "a directory";
    case Want::File: return "a file";
    case Want::Symlink: return "a symbolic link";
    case Want::Any: return "a mount";
  }
  return "";
}

bool fits(const ViewNode& there, Want want) {
  switch (want) {
    case Want::Directory: return there.kind == NodeKind::Directory || there.kind == NodeKind::Unknown;
    case Want::File: return there.kind != NodeKind::Directory;
    case Want::Symlink: return false;
    case Want::Any: return true;
  }
  return false;
}

Placement::Target before(const ViewNode& node) {
  if (node.maybe && node.kind != NodeKind::Directory) return Placement::Target::Unknown;  // an optional proc leaves its directory
  switch (node.kind) {
    case NodeKind::Directory: return Placement::Target::Directory;
    case NodeKind::File:
    case NodeKind::Device: return Placement::Target::File;
    case NodeKind::Symlink: return Placement::Target::Symlink;
    case NodeKind::Unknown: return Placement::Target::Unknown;
  }
  return Placement::Target::Unknown;
}

/// Whether the launcher fails with the root as this entry's target: what is made at a path, or is no directory. The others are attached over the root, where nobody sees them.
/// So is a tmpfs that comes first, but it is the one that the later entries then fill.
bool fails_on_root(const FsEntry& entry, bool first) {
  const TmpfsOp* tmpfs = std::get_if<TmpfsOp>(&entry.op);
  if (tmpfs != nullptr && first && !*tmpfs->readonly) return false;
  return std::holds_alternative<FileOp>(entry.op) || std::holds_alternative<SymlinkOp>(entry.op) || std::holds_alternative<TmpfsOp>(entry.op) ||
         std::holds_alternative<ProcOp>(entry.op) || std::holds_alternative<DevOp>(entry.op);
}

}  // namespace

void Placer::blame(Diagnostic& diagnostic, std::uint32_t at, std::string text) {
  const std::int32_t op = view_.nodes[at].op;
  if (op >= 0) diagnostic.label(profile_.fs[static_cast<std::size_t>(op)].target.span, std::move(text));
}

void Placer::begin(std::int32_t op) {
  op_ = op;
  placement().open = !entry().target->literal();
}

std::optional<Spot> Placer::place(Want want, std::uint32_t parent_mode, const Template* link) {
  if (!entry().target->literal()) {
    place_floating();
    return std::nullopt;
  }
  const Walk walk = view_.walk(entry().target->str(), want != Want::Symlink);
  if (walk.end == Walk::End::Found && walk.node == 0) {
    placement().before = Placement::Target::Directory;
    report(fails_on_root(entry(), op_ == 0 && entry().target->str() == "/") ? Code::TargetOfAnotherKind : Code::TargetIsRoot,
           "`/` cannot be the target of `" + std::string(op_key(entry().op)) + "`: the root is a private tmpfs that the entries fill")
        .help("name what is to stand below it; `extends = [\"immure:system\"]` gives the programs and libraries of the host");
    return std::nullopt;
  }
  switch (walk.end) {
    case Walk::End::Found: return place_on(walk, want, link);
    case Walk::End::Missing: return place_new(walk, parent_mode);
    case Walk::End::Unknown: return place_unknown(walk);
    case Walk::End::NotDirectory:
    case Walk::End::Dangling:
    case Walk::End::Loop: report_no_way(walk); return std::nullopt;
  }
  return std::nullopt;
}

void Placer::report_no_way(const Walk& walk) {
  const BindOp* optional = std::get_if<BindOp>(&entry().op);  // skipped where its source is missing, before its target is looked for
  if (optional != nullptr && *optional->optional) return;
  // A target with a variable may make, as a parent of its own, what a link leads to.
  if (walk.end == Walk::End::Dangling && view_.has_floating()) return;
  const std::string target = entry().target->str();
  if (walk.end == Walk::End::NotDirectory) {
    const std::string above = view_.path_of(walk.node);
    Diagnostic& d = report(Code::TargetBelowFile, "`" + target + "` cannot be made: `" + above + "` is " + in_words(view_.nodes[walk.node].kind));
    blame(d, walk.node, "`" + above + "` is made here");
    return;
  }
  const std::string link = view_.path_of(walk.link);
  const bool loop = walk.end == Walk::End::Loop;
  Diagnostic& d =
      report(Code::TargetThroughBrokenLink, "`" + target + "` cannot be reached: the symbolic link `" + link + "` " + (loop ? "goes round in circles" : "leads nowhere"));
  blame(d, walk.link, "`" + link + "` leads to `" + view_.nodes[walk.link].link.shown() + "`");
  if (!loop) d.help("put what it leads to before this entry, or give the place itself as the target");
}

void Placer::settle(std::uint32_t node) {
  std::string path = view_.path_of(node);
  // What may be missing has to be looked at when launching; a path that is too long once our links are followed still works as it is written.
  if (view_.nodes[node].maybe || path.size() > wire::kMaxPath) return;
  placement().trusted = true;
  placement().path = std::move(path);
}

std::optional<Spot> Placer::place_on(const Walk& walk, Want want, const Template* link) {
  const ViewNode& there = view_.nodes[walk.node];
  placement().before = before(there);
  settle(walk.node);
  if (there.maybe && want == Want::Symlink) return std::nullopt;
  if (there.kind == NodeKind::Symlink && link != nullptr) {
    if (there.link == *link) return std::nullopt;
    if (!there.link_known || !link->literal()) return std::nullopt;
  }
  if (!fits(there, want)) {
    placement() = {};
    const std::string path = view_.path_of(walk.node);
    const std::string what = there.kind == NodeKind::Symlink ? "a symbolic link to `" + there.link.shown() + "`" : in_words(there.kind);
    Diagnostic& d = report(Code::TargetOfAnotherKind, "`" + entry().target->str() + "` cannot become " + in_words(want) + ": " + what + " stands there");
    blame(d, walk.node, there.implicit ? "`" + path + "` is made on the way to this target" : "`" + path + "` is made here");
    return std::nullopt;
  }
  return Spot{there.parent, there.name, walk.node, true};
}

void Placer::report_readonly(std::uint32_t mount) {
  const std::string on = view_.path_of(view_.mounts[mount].node);
  const FsEntry& sealer = profile_.fs[static_cast<std::size_t>(view_.flag_from(mount, kReadonly))];
  Diagnostic& d = report(Code::TargetOnReadonly, "`" + entry().target->str() + "` cannot be made: `" + on + "` is read-only and does not have it");
  d.label(sealer.target.span, "`" + on + "` becomes read-only here");
  if (std::holds_alternative<RemountOp>(sealer.op)) d.help("move the `remount` after this entry");
  else if (std::holds_alternative<DevOp>(sealer.op)) d.help("list devices of the host in its `nodes`; anything else needs `write = true` there");
  else d.help("leave it writable until its parts are in place, then add `{ remount = \"" + on + "\", readonly = true }`");
}

std::optional<Spot> Placer::place_new(const Walk& walk, std::uint32_t parent_mode) {
  const std::uint32_t mount = view_.nodes[walk.node].mount;
  if (view_.has_flag(mount, kReadonly) && !view_.has_floating()) {
    // An optional bind is skipped where its source is missing, before its target is looked for.
    const BindOp* bind = std::get_if<BindOp>(&entry().op);
    if (bind == nullptr || !*bind->optional) report_readonly(mount);
    return std::nullopt;
  }
  Placement& p = placement();
  // A target with a variable can have made a directory here as a parent of its own.
  p.before = view_.has_floating() ? Placement::Target::Unknown : Placement::Target::Missing;
  p.parent_mode = parent_mode;
  p.on_sealed_root = mount == 0 && !*profile_.root.writable;
  const std::vector<std::string> above(walk.rest.begin(), walk.rest.end() - 1);
  std::string path = walk.node == 0 ? "" : view_.path_of(walk.node);
  std::size_t length = path.size();
  for (const std::string& name : walk.rest) length += 1 + name.size();
  if (length <= wire::kMaxPath) {  // else it works only as it is written, through our links
    p.trusted = !view_.has_floating();
    note_parents(path, above);
    p.path = path + "/" + walk.rest.back();
  }
  return Spot{make_parents(walk.node, above, parent_mode, true), walk.rest.back(), 0, true};
}

/// Extends `path` by the names, and notes each step. Once there are more than an image can hold the plan is lost anyway, and only memory is to be saved.
void Placer::note_parents(std::string& path, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    path.append("/").append(name);
    if (noted_bytes_ > wire::kMaxImage) continue;
    noted_bytes_ += path.size();
    placement().parents.push_back(path);
  }
}

std::optional<Spot> Placer::place_unknown(const Walk& walk) {
  if (walk.lost) return std::nullopt;
  if (walk.rest.empty()) return Spot{view_.nodes[walk.node].parent, view_.nodes[walk.node].name, walk.node, false};
  const std::vector<std::string> above(walk.rest.begin(), walk.rest.end() - 1);
  return Spot{make_parents(walk.node, above, 0, false), walk.rest.back(), 0, false};
}

std::string Placer::literal_beginning(std::string& name) const {
  const Components names = components(*entry().target);
  std::string prefix;
  std::size_t at = 0;
  for (; at < names.size() && !is_variable(names[at]); ++at) prefix += "/" + names[at];
  if (!prefix.empty()) return prefix;
  while (at < names.size() && is_variable(names[at])) ++at;
  if (at < names.size()) name = names[at];
  return "";
}

/// A target with a variable can be any path below its literal beginning.
void Placer::place_floating() {
  std::string name;
  const std::string prefix = literal_beginning(name);
  if (prefix.empty()) {
    if (name.empty()) view_.anywhere = true;
    else view_.floating.insert(name);
    return;
  }
  const Walk walk = view_.walk(prefix, true);
  if (walk.lost || (walk.absent() && walk.end != Walk::End::Missing)) return;
  const std::uint32_t at = make_parents(walk.node, walk.rest, profile_.process.parent_mode->bits, walk.end != Walk::End::Unknown);
  view_.nodes[at].opaque = true;
}

void Placer::add_flag(ViewMount& mount, MountFlag flag) const {
  if (mount.flags[flag] == ViewMount::kUnset) mount.alone[flag] = mount.kind == ViewMount::Kind::Host;
  mount.flags[flag] = op_;
}

void Placer::remount_open(const Walk& walk, bool recursive) {
  placement().open = true;
  view_.open_remounts.through_link = op_;
  std::string path = walk.node == 0 ? "" : view_.path_of(walk.node);
  for (const std::string& name : walk.rest) path.append("/").append(name);
  if (walk.lost) path.clear();
  (walk.lost || recursive ? view_.open_remounts.below : view_.open_remounts.at)[path] = op_;
}

/// As place_floating, and our own links on the way may lead to any mount.
void Placer::remount_floating() {
  view_.open_remounts.through_link = op_;
  std::string name;
  const std::string prefix = literal_beginning(name);
  if (prefix.empty() && !name.empty()) {
    view_.open_remounts.named[name] = op_;
    return;
  }
  const Walk walk = view_.walk(prefix, true);
  std::string path = walk.node == 0 ? "" : view_.path_of(walk.node);
  for (const std::string& below : walk.rest) path.append("/").append(below);
  if (walk.lost || view_.nodes[walk.node].links) path.clear();
  view_.open_remounts.below[path] = op_;
}

std::uint32_t Placer::make_parents(std::uint32_t at, const std::vector<std::string>& names, std::uint32_t mode, bool certain) {
  for (const std::string& name : names) {
    at = add_child(at, name, certain ? NodeKind::Directory : NodeKind::Unknown);
    view_.nodes[at].implicit = true;
    view_.nodes[at].certain = certain;
    view_.nodes[at].opaque = !certain;
    view_.nodes[at].mode = mode;
    view_.nodes[at].mode_known = !view_.has_floating();
  }
  return at;
}

std::uint32_t Placer::add_child(std::uint32_t parent, std::string name, NodeKind kind) {
  const auto index = static_cast<std::uint32_t>(view_.nodes.size());
  ViewNode made;
  made.kind = kind;
  made.op = op_;
  made.mount = view_.nodes[parent].mount;
  made.parent = parent;
  made.opaque = kind == NodeKind::Unknown;
  made.certain = view_.nodes[parent].certain;
  made.name = name;
  view_.nodes.push_back(std::move(made));
  view_.nodes[parent].children.insert_or_assign(std::move(name), index);
  return index;
}

std::uint32_t Placer::put(const Spot& spot, ViewNode made) {
  made.main = true;
  made.op = op_;
  made.parent = spot.parent;
  made.name = spot.name;
  made.mount = view_.nodes[spot.parent].mount;
  made.certain = spot.certain;
  made.opaque = made.opaque || made.kind == NodeKind::Unknown;
  const bool covers = spot.certain && !made.maybe;
  if (spot.existing != 0 && covers) hide(spot.existing);
  if (!covers) made.covered = spot.existing;
  const auto index = static_cast<std::uint32_t>(view_.nodes.size());
  view_.nodes.push_back(std::move(made));
  view_.nodes[spot.parent].children.insert_or_assign(spot.name, index);
  return index;
}

ViewMount& Placer::mount(std::uint32_t at, ViewMount::Kind kind) {
  ViewMount made;
  made.kind = kind;
  made.op = op_;
  made.node = at;
  made.set(kNosuid);
  made.set(kNodev);
  view_.nodes[at].mount = static_cast<std::uint32_t>(view_.mounts.size());
  view_.mounts.push_back(made);
  return view_.mounts.back();
}

/// Reports every op whose own target goes out of sight with `top`. A `dir` right at the mount is its mount point, not a loss.
void Placer::hide(std::uint32_t top) {
  std::vector<std::uint32_t> stack{top};
  while (!stack.empty()) {
    const std::uint32_t at = stack.back();
    const ViewNode& node = view_.nodes[at];
    stack.pop_back();
    const bool mount_point = at == top && node.op >= 0 && std::holds_alternative<DirOp>(profile_.fs[static_cast<std::size_t>(node.op)].op);
    if (node.main && node.certain && !mount_point) report_hidden(node);
    if (node.covered != 0) stack.push_back(node.covered);
    for (const auto& [name, child] : node.children) stack.push_back(child);
  }
}

void Placer::report_hidden(const ViewNode& hidden) {
  const FsEntry& earlier = profile_.fs[static_cast<std::size_t>(hidden.op)];
  // A fragment's entries are there to be covered by the profile that extends it.
  if (earlier.span.file != entry().span.file) return;
  diags_
      .add(Code::OpHidden, earlier.target.span,
           "the `" + std::string(op_key(earlier.op)) + "` at `" + earlier.target->str() + "` is hidden whole by a later `" + op_key(entry().op) + "`")
      .label(entry().target.span, "this covers it")
      .help(earlier.target->str() == entry().target->str() ? "remove one of the two" : "move it after the entry that covers it");
}

}  // namespace immure
