// Runs the ops over the model tree and reports, at the line at fault, what cannot work and what cannot be meant (DESIGN 4.1).
//
// One pass over [[fs]], in order; an overload of Simulation::run for each op, and the build fails where one is missing. Nothing is reported that hangs on the host or
// on a launch variable.
//
// Linear: a placement costs the length of its path, and a mount that hides others visits each hidden node once, because what is hidden is out of reach
// afterwards. Recursive remounts are only noted on their node (View::has_flag).
#include <optional>
#include <utility>

#include "compiler/fs_names.h"
#include "compiler/paths.h"
#include "compiler/placer.h"
#include "compiler/view.h"

namespace immure {
namespace {

class Simulation {
 public:
  Simulation(const Profile& profile, Diagnostics& diags) : profile_(profile), placer_(profile, view_, diags) {}
  View run();

 private:
  void run(const BindOp&);
  void run(const TmpfsOp&);
  void run(const OverlayOp&);
  void run(const ProcOp&);
  void run(const DevOp&);
  void run(const DirOp&);
  void run(const FileOp&);
  void run(const EtcOp&);
  void run(const RootOp&);
  void run(const SymlinkOp&);
  void run(const RemountOp&);
  void run(const std::monostate&) {}

  std::uint32_t parent_mode() const { return profile_.process.parent_mode->bits; }
  /// Parents of a directory with a restrictive mode are made no wider than it.
  std::uint32_t parent_mode(std::uint32_t mode) const { return parent_mode() & (mode | 07000); }
  void fill_dev(std::uint32_t dev, const DevOp& op);
  void add_device_node(std::uint32_t dev, const Template& path);
  bool etc_can_fill(std::uint32_t at);
  void fill_etc(std::uint32_t at, const EtcOp& op);

  const Profile& profile_;
  View view_;
  Placer placer_;
};

View Simulation::run() {
  view_.nodes.emplace_back();
  view_.nodes[0].mode = 0755;
  view_.mounts.emplace_back();
  view_.mounts[0].set(kNosuid);
  view_.mounts[0].set(kNodev);
  view_.placements.resize(profile_.fs.size());
  std::int32_t index = 0;
  for (const FsEntry& entry : profile_.fs) {
    placer_.begin(index++);
    std::visit([this](const auto& op) { run(op); }, entry.op);
  }
  return std::move(view_);
}

void Simulation::run(const BindOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Any, parent_mode());
  if (!spot) return;
  ViewNode made;
  made.kind = NodeKind::Unknown;
  made.maybe = *op.optional;
  ViewMount& mount = placer_.mount(placer_.put(*spot, std::move(made)), ViewMount::Kind::Host);
  mount.set(kReadonly, !*op.write);
  mount.set(kNodev, !*op.device);
}

void Simulation::run(const TmpfsOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Directory, parent_mode(op.mode->bits));
  if (!spot) return;
  ViewNode made;
  made.mode = op.mode->bits;
  ViewMount& mount = placer_.mount(placer_.put(*spot, std::move(made)), ViewMount::Kind::Tmpfs);
  mount.set(kReadonly, *op.readonly);
  mount.set(kNoexec, !*op.exec);
}

void Simulation::run(const OverlayOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Directory, parent_mode());
  if (!spot) return;
  ViewNode made;
  made.opaque = true;
  ViewMount& mount = placer_.mount(placer_.put(*spot, std::move(made)), ViewMount::Kind::Overlay);
  mount.set(kReadonly, !op.upper.present && !*op.ephemeral);
}

void Simulation::run(const ProcOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Directory, parent_mode());
  if (!spot) return;
  ViewNode made;
  made.opaque = true;
  made.maybe = *op.optional;
  placer_.mount(placer_.put(*spot, std::move(made)), ViewMount::Kind::Proc).set(kNoexec);
}

void Simulation::run(const DevOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Directory, parent_mode());
  if (!spot) return;
  ViewNode made;
  made.mode = 0755;
  const std::uint32_t dev = placer_.put(*spot, std::move(made));
  ViewMount& mount = placer_.mount(dev, ViewMount::Kind::Tmpfs);
  mount.set(kReadonly, !*op.write);
  mount.set(kNoexec);
  fill_dev(dev, op);
}

void Simulation::fill_dev(std::uint32_t dev, const DevOp& op) {
  for (const DevDevice& device : kDevDevices) {
    ViewMount& mount = placer_.mount(placer_.add_child(dev, device.name, NodeKind::Device), ViewMount::Kind::Host);
    mount.set(kReadonly);
    mount.set(kNoexec);
    mount.set(kNodev, false);
  }
  for (const DevLink& link : kDevLinks) {
    ViewNode& made = view_.nodes[placer_.add_child(dev, link.name, NodeKind::Symlink)];
    made.link = Template{{Segment{false, link.to, {}}}};
    made.link_known = true;
  }
  const std::uint32_t pts = placer_.add_child(dev, "pts", NodeKind::Directory);
  view_.nodes[pts].opaque = true;
  ViewMount& devpts = placer_.mount(pts, ViewMount::Kind::Devpts);
  devpts.set(kNoexec);
  devpts.set(kNodev, false);
  const std::uint32_t shm = placer_.add_child(dev, "shm", NodeKind::Directory);
  view_.nodes[shm].mode = 01777;
  placer_.mount(shm, ViewMount::Kind::Tmpfs);
  if (*op.mqueue) {
    const std::uint32_t mqueue = placer_.add_child(dev, "mqueue", NodeKind::Directory);
    view_.nodes[mqueue].opaque = true;
    placer_.mount(mqueue, ViewMount::Kind::Mqueue).set(kNoexec);
  }
  if (!*profile_.process.new_session) {
    const std::uint32_t console = placer_.add_child(dev, "console", NodeKind::Device);
    view_.nodes[console].maybe = true;  // only where standard output is a terminal
  }
  for (const Placed<Template>& path : *op.nodes) add_device_node(dev, path.value);
}

void Simulation::add_device_node(std::uint32_t dev, const Template& path) {
  const std::optional<std::string> below = below_dev(path);
  if (!below || !path.literal()) {
    view_.nodes[dev].opaque = true;
    return;
  }
  const Components names = components(*below);
  std::uint32_t at = dev;
  for (const std::string& name : names) {
    const auto there = view_.nodes[at].children.find(name);
    at = there != view_.nodes[at].children.end() ? there->second : placer_.add_child(at, name, NodeKind::Directory);
  }
  if (at == dev) return;
  view_.nodes[at].kind = NodeKind::Unknown;
  view_.nodes[at].opaque = true;
  ViewMount& mount = placer_.mount(at, ViewMount::Kind::Host);
  mount.set(kReadonly);
  mount.set(kNoexec);
  mount.set(kNodev, false);
}

void Simulation::run(const DirOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Directory, parent_mode(op.mode->bits));
  if (!spot) return;
  if (spot->existing == 0) {
    ViewNode made;
    made.kind = spot->certain ? NodeKind::Directory : NodeKind::Unknown;
    made.mode = op.mode->bits;
    made.mode_known = !view_.has_floating();
    placer_.put(*spot, std::move(made));
    return;
  }
  const ViewNode& there = view_.nodes[spot->existing];
  const bool known = spot->certain && there.kind == NodeKind::Directory && !there.opaque && !there.maybe && there.mode_known;
  if (!known || !op.mode.span.known() || there.mode == op.mode->bits) return;
  Diagnostic& d = placer_.report(Code::DirKeepsMode, "`" + placer_.entry().target->str() + "` is there already, so `mode` has no effect");
  placer_.blame(d, spot->existing, there.implicit ? "it is made on the way to this target" : "it is made here");
  if (there.implicit) d.help("move the `dir` before that entry");
}

void Simulation::run(const FileOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::File, parent_mode());
  if (!spot) return;
  ViewNode made;
  made.kind = NodeKind::File;
  made.mode = op.mode->bits;
  const std::uint32_t file = placer_.put(*spot, std::move(made));
  const Placement* planned = placer_.entry().planned;
  if (!(planned != nullptr ? *planned : placer_.placement()).in_place()) placer_.mount(file, ViewMount::Kind::File).set(kReadonly);
}

/// The links are made in the target itself, so it must be a directory of ours that can be written, and have none of them yet.
bool Simulation::etc_can_fill(std::uint32_t at) {
  const ViewNode& there = view_.nodes[at];
  const ViewMount& mount = view_.mounts[there.mount];
  const std::string target = "`" + placer_.entry().target->str() + "`";
  const bool own = mount.kind == ViewMount::Kind::Root || mount.kind == ViewMount::Kind::Tmpfs;
  if (!own || view_.has_flag(there.mount, kReadonly)) {
    Diagnostic& d = placer_.report(Code::EtcTarget, target + (own ? " is read-only" : " is not a directory of this profile's own") + ", so no links can be made in it");
    placer_.blame(d, mount.node, "it is mounted here");
    d.help("mount over single entries after the `etc` instead");
    return false;
  }
  for (const char* name : {kEtcHost, kEtcMtab}) {
    const auto child = there.children.find(name);
    if (child == there.children.end() || !view_.nodes[child->second].certain || view_.nodes[child->second].maybe) continue;
    Diagnostic& d = placer_.report(Code::EtcTarget, target + " has a `" + name + "` already, which `etc` makes itself");
    placer_.blame(d, child->second, "it is made here");
    d.help("move that entry after the `etc`");
    return false;
  }
  return true;
}

void Simulation::run(const EtcOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Directory, parent_mode());
  if (!spot) return;
  if (spot->existing != 0 && spot->certain && !view_.nodes[spot->existing].maybe) {
    if (etc_can_fill(spot->existing)) fill_etc(spot->existing, op);
    return;
  }
  ViewNode made;
  made.kind = spot->certain ? NodeKind::Directory : NodeKind::Unknown;
  made.mode = 0755;
  fill_etc(placer_.put(*spot, std::move(made)), op);
}

void Simulation::fill_etc(std::uint32_t at, const EtcOp& op) {
  const std::uint32_t host = placer_.add_child(at, kEtcHost, NodeKind::Directory);
  view_.nodes[host].mode = 0755;
  const std::uint32_t below = placer_.add_child(host, etc_prefix(profile_, op), NodeKind::Unknown);
  placer_.mount(below, ViewMount::Kind::Host).set(kReadonly);
  ViewNode& mtab = view_.nodes[placer_.add_child(at, kEtcMtab, NodeKind::Symlink)];
  mtab.link = Template{{Segment{false, kEtcMtabTo, {}}}};
  mtab.link_known = true;
  view_.nodes[at].opaque = true;  // the links to the host's entries
}

void Simulation::run(const RootOp&) {
  const FsEntry& entry = placer_.entry();
  if (!entry.target->literal() || entry.target->str() != "/") {
    placer_.report(Code::RootTarget, "the target of `root` is `" + entry.target->shown() + "`, not `/`")
        .help("`bind` shows a directory of the host at another place, with all that is in it");
    return;
  }
  for (const auto& [name, child] : view_.nodes[0].children) {
    const ViewNode& there = view_.nodes[child];
    if (!on_every_host(name) || !there.certain || there.maybe) continue;  // of other names `--host` can tell
    Diagnostic& d = placer_.report(Code::EntryBeforeRoot, "`/" + name + "` is there already when `root` is to fill `/`");
    placer_.blame(d, child, there.implicit ? "it is made on the way to this target" : "it is made here");
    d.help("move that entry after the `root`, or remove it: what the host has at `/" + name + "` comes with the `root`");
  }
  view_.nodes[0].opaque = true;
}

void Simulation::run(const SymlinkOp& op) {
  const std::optional<Spot> spot = placer_.place(Want::Symlink, parent_mode(), &*op.to);
  if (!spot) return;
  ViewNode made;
  made.kind = NodeKind::Symlink;
  made.link = *op.to;
  made.link_known = op.to->literal() && !*op.dereference;
  for (std::uint32_t above = spot->parent; !std::exchange(view_.nodes[above].links, true); above = view_.nodes[above].parent) {
  }
  placer_.put(*spot, std::move(made));
}

void Simulation::run(const RemountOp& op) {
  const FsEntry& entry = placer_.entry();
  if (!entry.target->literal()) return placer_.remount_floating();
  const std::string path = entry.target->str();
  const Walk walk = view_.walk(path, true);
  const bool is_mount = !walk.absent() && walk.rest.empty() && !walk.lost && view_.mounts[view_.nodes[walk.node].mount].node == walk.node;
  if (walk.end == Walk::End::Unknown || (walk.absent() && view_.has_floating())) {
    placer_.remount_open(walk, *op.recursive);
    return;
  }
  if (!is_mount) {
    if (walk.end == Walk::End::Found && (view_.nodes[walk.node].opaque || view_.nodes[walk.node].maybe)) return;
    Diagnostic& d = placer_.report(Code::RemountNoMount, "`" + path + "` is not a mount, so there is nothing to add flags to");
    if (walk.end == Walk::End::Found) {
      placer_.blame(d, walk.node, "this makes `" + path + "`, on the mount at `" + view_.path_of(view_.mounts[view_.nodes[walk.node].mount].node) + "`");
    } else {
      d.help("`remount` changes a mount that an earlier entry made; only the entries before it have run");
    }
    return;
  }
  placer_.settle(walk.node);
  const std::array<bool, kMountFlags> wanted{*op.readonly, *op.noexec, *op.nosuid, *op.nodev};
  for (std::size_t flag = 0; flag < kMountFlags; ++flag) {
    if (!wanted[flag]) continue;
    if (*op.recursive) view_.nodes[walk.node].sealed[flag] = placer_.op();
    else placer_.add_flag(view_.mounts[view_.nodes[walk.node].mount], static_cast<MountFlag>(flag));
  }
}

}  // namespace

View simulate(const Profile& profile, Diagnostics& diags) { return Simulation(profile, diags).run(); }

}  // namespace immure
