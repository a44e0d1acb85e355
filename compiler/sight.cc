// See sight.h.
#include "compiler/sight.h"

#include "compiler/fs_names.h"

namespace immure {
namespace {

using What = Sight::What;
using Write = Sight::Write;

/// What a mount shows at its root.
What contents_of(ViewMount::Kind kind) {
  switch (kind) {
    case ViewMount::Kind::Host: return What::Host;
    case ViewMount::Kind::Tmpfs: return What::Tmpfs;
    case ViewMount::Kind::Overlay: return What::Overlay;
    case ViewMount::Kind::Proc: return What::Proc;
    case ViewMount::Kind::Devpts: return What::Devpts;
    case ViewMount::Kind::Mqueue: return What::Mqueue;
    case ViewMount::Kind::File: return What::File;
    case ViewMount::Kind::Root: return What::Directory;
  }
  return What::Unknown;
}

/// What may stand on a mount where the view has no node. A filesystem that this profile fills has no contents of its own: what stands there is not known.
What contents_below(ViewMount::Kind kind) {
  const What what = contents_of(kind);
  return what == What::Directory || what == What::Tmpfs ? What::Unknown : what;
}

What own(const ViewNode& node) {
  switch (node.kind) {
    case NodeKind::Directory: return What::Directory;
    case NodeKind::File: return What::File;
    case NodeKind::Symlink: return What::Symlink;
    case NodeKind::Device: return What::Device;
    case NodeKind::Unknown: return What::Unknown;
  }
  return What::Unknown;
}

Write write_with(const Sight& sight, const ViewMount& mount) {
  if (sight.what == What::Device) return Write::Host;
  // A device can be written through a read-only mount.
  if (sight.flags[kReadonly]) return mount.kind == ViewMount::Kind::Host && !sight.flags[kNodev] ? Write::Unknown : Write::No;
  switch (mount.kind) {
    case ViewMount::Kind::Host: return Write::Host;
    case ViewMount::Kind::Proc:
    case ViewMount::Kind::Devpts:
    case ViewMount::Kind::Mqueue: return Write::Kernel;
    case ViewMount::Kind::File: return Write::No;
    case ViewMount::Kind::Root:
    case ViewMount::Kind::Tmpfs:
    case ViewMount::Kind::Overlay: return Write::Yes;
  }
  return Write::Unknown;
}

/// The path of the host, or the layers, that a mount shows at its root.
struct SourceText {
  const FsEntry& entry;
  std::string operator()(const OverlayOp& op) const {
    std::string all = op.upper.present ? op.upper->shown() : *op.ephemeral ? "(thrown away)" : "";
    for (const Placed<Template>& lower : *op.lower) all += (all.empty() ? "" : " over ") + lower.value.shown();
    return all;
  }
  std::string operator()(const DevOp&) const { return "/dev"; }
  template <class Op>
  std::string operator()(const Op& op) const {
    if constexpr (requires { op.from; }) return op.from.present ? op.from->shown() : entry.target->shown();
    else return "";
  }
};

std::string content_of(const Profile& profile, const View& view, const Sight& sight, std::string_view path) {
  const ViewMount& mount = view.mounts[sight.mount];
  if (sight.what == What::Symlink) return view.nodes[sight.node].link.shown();
  if (mount.op < 0) return "";
  const FsEntry& entry = profile.fs[static_cast<std::size_t>(mount.op)];
  std::string source = std::visit(SourceText{entry}, entry.op);
  if (mount.kind != ViewMount::Kind::Host) return mount.kind == ViewMount::Kind::Overlay ? source : "";
  std::string from = view.path_of(mount.node);
  if (std::holds_alternative<DevOp>(entry.op)) source = "/dev" + from.substr(from.rfind('/'));
  if (from == "/") from.clear();
  const std::string below(path.substr(std::min(from.size(), path.size())));
  return source == "/" && !below.empty() ? below : source + below;
}

Sight finish(const Profile& profile, const View& view, Sight sight, std::string_view path) {
  const ViewMount& mount = view.mounts[sight.mount];
  // Where nobody can say what stands there, it may be on another mount.
  const bool known = sight.what != What::Unknown;
  sight.may_have_more = !known || view.may_have_more(sight.mount, path);
  const bool inside = mount.kind == ViewMount::Kind::Host && path != view.path_of(mount.node);
  for (std::size_t flag = 0; flag < kMountFlags; ++flag) {
    const bool anyway = final_flag(profile, view, sight.mount, static_cast<MountFlag>(flag), inside);
    sight.flags[flag] = known && anyway;
    sight.may_have_more |= anyway != final_flag(profile, view, sight.mount, static_cast<MountFlag>(flag));
  }
  sight.write = write_of(view, sight);
  if (sight.may_have_more || view.open_remounts.through_link > mount.op) sight.certain = false;
  sight.content = content_of(profile, view, sight, path);
  return sight;
}

}  // namespace

bool final_flag(const Profile& profile, const View& view, std::uint32_t mount, MountFlag flag, bool inside) {
  if (mount == 0 && flag == kReadonly && !*profile.root.writable) return true;
  return view.flag_from(mount, flag, inside) != ViewMount::kUnset;
}

Write write_of(const View& view, const Sight& sight) {
  if (sight.what == What::Nothing || sight.what == What::Symlink) return Write::No;
  const Write write = write_with(sight, view.mounts[sight.mount]);
  return sight.may_have_more && write != Write::No && sight.what != What::Device ? Write::Unknown : write;
}

bool may_create(const FsEntry& entry) {
  return std::visit(
      [](const auto& op) {
        if constexpr (requires { *op.create; }) return *op.create;
        else return false;
      },
      entry.op);
}

Sight sight_of(const Profile& profile, const View& view, std::uint32_t index) {
  const ViewNode& node = view.nodes[index];
  Sight sight;
  sight.node = index;
  sight.mount = node.mount;
  sight.op = node.op;
  sight.certain = node.certain;
  sight.maybe = node.maybe;
  sight.implicit = node.implicit;
  const bool mount_root = view.mounts[node.mount].node == index;
  sight.what = mount_root && index != 0 && node.kind != NodeKind::Device ? contents_of(view.mounts[node.mount].kind) : own(node);
  // A place on the way to a target, or a `dir`, where the host's contents are: those.
  if (sight.what == What::Unknown) sight.what = contents_below(view.mounts[node.mount].kind);
  return finish(profile, view, std::move(sight), view.path_of(index));
}

Sight sight_of(const Profile& profile, const View& view, std::string_view path) {
  const Walk walk = view.walk(path, false);
  Sight sight;
  if (walk.end == Walk::End::Found || (walk.end == Walk::End::Unknown && !walk.lost && walk.rest.empty())) {
    sight = sight_of(profile, view, walk.node);
    sight.certain = sight.certain && walk.end == Walk::End::Found;
    return sight;
  }
  sight.node = walk.node;
  sight.mount = view.nodes[walk.node].mount;
  if (walk.end != Walk::End::Unknown) return sight;
  sight.certain = false;
  sight.what = What::Unknown;
  if (walk.lost || !view.nodes[walk.node].opaque) return finish(profile, view, std::move(sight), path);
  sight.op = view.mounts[sight.mount].op;
  sight.maybe = view.nodes[walk.node].maybe;
  sight.what = contents_below(view.mounts[sight.mount].kind);
  std::string at = view.path_of(walk.node);
  for (const std::string& name : walk.rest) at.append("/").append(name);
  return finish(profile, view, std::move(sight), at);
}

std::string flags_text(const Sight& sight) {
  constexpr std::array<const char*, kMountFlags> kNames{"ro", "noexec", "nosuid", "nodev"};
  std::string out = sight.flags[kReadonly] ? "ro" : "rw";
  for (std::size_t flag = 1; flag < kMountFlags; ++flag)
    if (sight.flags[flag]) out.append(" ").append(kNames[flag]);
  return out + (sight.may_have_more ? ", or more" : "");
}

const char* word_of(Sight::Write write) {
  switch (write) {
    case Write::No: return "no";
    case Write::Yes: return "yes";
    case Write::Host: return "host";
    case Write::Kernel: return "kernel";
    case Write::Unknown: return "unknown";
  }
  return "";
}

const char* word_of(Sight::What what) {
  switch (what) {
    case What::Nothing: return "nothing";
    case What::Unknown: return "unknown";
    case What::Directory: return "directory";
    case What::File: return "file";
    case What::Symlink: return "symlink";
    case What::Device: return "device";
    case What::Host: return "host";
    case What::Tmpfs: return "tmpfs";
    case What::Overlay: return "overlay";
    case What::Proc: return "proc";
    case What::Devpts: return "devpts";
    case What::Mqueue: return "mqueue";
  }
  return "";
}

}  // namespace immure
