// Entries of [[fs]] -> ops of the plan, one overload of Lowering::lower each.
//
// Choices that are not in the language:
//   * A read-only tmpfs is read-only at once: it is "empty for good", and the view refuses targets in it.
//   * A dev is created and filled, then sealed with its devices by one call, and what stays writable is mounted last. Where that cannot be, since more is made after it,
//     each device brings its flags. Devices are read-only mounts in either case: they can be written, but their owner, root, cannot change them on the host.
//   * A dev's shm is a tmpfs of its own, like a host's bounded by half of the memory alone.
//   * What is a filesystem's default is not said to it: a tmpfs has mode 1777, a devpts is a new instance (Linux 4.7).
//   * A target that passes through our own symlinks is lowered to where they lead (Placement::path).
#include "compiler/lower_fs.h"

#include <linux/mount.h>

#include <set>
#include <utility>

#include "compiler/fs_names.h"
#include "compiler/paths.h"

namespace immure::lowering {
namespace {

constexpr std::uint64_t kBase = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr std::uint64_t kProcAttr = kBase | MOUNT_ATTR_NOEXEC;
constexpr std::uint16_t kMakeEither = wire::kMakeDir | wire::kMakeFile;  // whichever the source of the bind is
constexpr std::uint64_t kPtsAttr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
constexpr std::uint64_t kDeviceAttr = kPtsAttr | MOUNT_ATTR_RDONLY;

// What of a proc is dangerous to write, and what tells too much to be seen (KERNEL 27, 3.6, 3.11). Not every kernel has every one.
constexpr const char* kProcProtected[] = {"sys", "sysrq-trigger", "irq", "bus"};
struct ProcMasked {
  const char* name;
  bool directory;
};
constexpr ProcMasked kProcMasked[] = {{"acpi", true},        {"asound", true},       {"kcore", false},       {"keys", false}, {"key-users", false}, {"latency_stats", false},
                                      {"timer_list", false}, {"timer_stats", false}, {"sched_debug", false}, {"scsi", true},  {"pressure", true}};

std::uint64_t when(bool wanted, std::uint64_t attr) { return wanted ? attr : 0; }
std::uint16_t flag_when(bool wanted, wire::OpFlag flag) { return wanted ? static_cast<std::uint16_t>(flag) : std::uint16_t{0}; }
std::uint16_t both(std::uint16_t a, std::uint16_t b) { return static_cast<std::uint16_t>(a | b); }
Template literal(std::string text) { return Template{{Segment{false, std::move(text), {}}}}; }

/// `path` with "/`below`" behind it.
Template beneath(Template path, const std::string& below) {
  if (!path.segments.empty() && !path.segments.back().variable) path.segments.back().text += "/" + below;
  else path.segments.push_back(Segment{false, "/" + below, {}});
  return path;
}

class Lowering {
 public:
  Lowering(const Profile& profile, const View& view, const Sources& sources) : profile_(profile), view_(view), sources_(sources) {}
  std::vector<PlanOp> run();

 private:
  void lower(const BindOp&);
  void lower(const TmpfsOp&);
  void lower(const OverlayOp&);
  void lower(const ProcOp&);
  void lower(const DevOp&);
  void lower(const DirOp&);
  void lower(const FileOp&);
  void lower(const EtcOp&);
  void lower(const RootOp&);
  void lower(const SymlinkOp&);
  void lower(const RemountOp&);
  void lower(const std::monostate&) {}

  void emit(plan::AnyOp op, std::uint16_t flags) { ops_.push_back({std::move(op), flags, origin_}); }
  PlanText path(Template text) const { return {std::move(text), true, origin_}; }
  PlanText path(const Field<type::HostPath>& field) const { return {*field, true, origin_of(sources_, field.span)}; }
  /// The target, as the view resolved it.
  Template target() const { return place_->path.empty() ? *entry_->target : literal(place_->path); }
  void emit_parents();
  /// kTrusted, and what to make when nothing is there.
  std::uint16_t trust(std::uint16_t make) const;
  std::uint16_t trust_part() const { return flag_when(place_->trusted, wire::kTrusted); }

  void emit_dev_entries(const Template& dev, const DevOp& op, bool flags_follow);
  void emit_dev_mounts(const Template& dev, const DevOp& op);
  void emit_dev_nodes(const Template& dev, const DevOp& op);
  void emit_parts(const Template& above, const DevOp& op);

  const Profile& profile_;
  const View& view_;
  const Sources& sources_;
  std::vector<PlanOp> ops_;
  const FsEntry* entry_ = nullptr;
  const Placement* place_ = nullptr;
  PlanOrigin origin_;
};

std::vector<PlanOp> Lowering::run() {
  for (std::size_t i = 0; i < profile_.fs.size(); ++i) {
    entry_ = &profile_.fs[i];
    place_ = &view_.placements[i];
    origin_ = origin_of(sources_, entry_->op_key.known() ? entry_->op_key : entry_->span);
    emit_parents();
    std::visit([this](const auto& op) { lower(op); }, entry_->op);
  }
  return std::move(ops_);
}

void Lowering::emit_parents() {
  // Where a variable of an earlier target could have made them already, the launcher looks first.
  const std::uint16_t flags = place_->missing() ? both(wire::kTrusted, wire::kMakeDir) : std::uint16_t{wire::kTrusted};
  for (const std::string& parent : place_->parents) emit(plan::Dir{path(literal(parent)), place_->parent_mode}, flags);
}

std::uint16_t Lowering::trust(std::uint16_t make) const { return place_->missing() ? both(wire::kTrusted, make) : trust_part(); }

void Lowering::lower(const BindOp& op) {
  const Field<type::HostPath>& from = op.from.present ? op.from : entry_->target;
  const std::uint64_t attr = MOUNT_ATTR_NOSUID | when(!*op.device, MOUNT_ATTR_NODEV) | when(!*op.write, MOUNT_ATTR_RDONLY);
  const std::uint16_t asked = both(flag_when(*op.optional, wire::kOptional), both(flag_when(*op.ensure, wire::kEnsure), flag_when(*op.create, wire::kCreate)));
  emit(plan::Bind{path(target()), path(from), attr}, both(trust(kMakeEither), asked));
}

void Lowering::lower(const TmpfsOp& op) {
  std::string options;
  const auto add = [&](const char* name, const std::string& value) { options += (options.empty() ? "" : ",") + std::string(name) + '=' + value; };
  if (op.size.present) add("size", size_option(*op.size));
  if (op.inodes.present) add("nr_inodes", std::to_string(*op.inodes));
  if (op.mode->bits != 01777) add("mode", octal(op.mode->bits));
  const std::uint64_t attr = kBase | when(*op.readonly, MOUNT_ATTR_RDONLY) | when(!*op.exec, MOUNT_ATTR_NOEXEC);
  emit(plan::Mount{path(target()), "tmpfs", attr, std::move(options)}, both(trust(wire::kMakeDir), flag_when(*op.create, wire::kCreate)));
}

void Lowering::lower(const OverlayOp& op) {
  const bool writable = op.upper.present || *op.ephemeral;
  plan::Overlay overlay;
  overlay.path = path(target());
  for (const Placed<Template>& lower : *op.lower) overlay.lower.push_back({lower.value, true, origin_of(sources_, lower.span)});
  if (op.upper.present) overlay.upper = path(op.upper);
  if (op.work.present) overlay.work = path(op.work);
  overlay.attr = kBase | when(!writable, MOUNT_ATTR_RDONLY);
  emit(std::move(overlay), both(trust(wire::kMakeDir), both(flag_when(*op.ephemeral, wire::kEphemeral), flag_when(*op.create, wire::kCreate))));
}

void Lowering::lower(const ProcOp& op) {
  const Template proc = target();
  emit(plan::Mount{path(proc), "proc", kProcAttr, ""}, both(trust(wire::kMakeDir), both(flag_when(*op.optional, wire::kOptional), flag_when(*op.create, wire::kCreate))));
  // Ownership alone lets root write these, whatever capabilities are left (KERNEL 3.11), so for root they are protected even without `harden`.
  const std::uint16_t part = both(trust_part(), wire::kOptional);
  for (const char* name : kProcProtected) emit(plan::Protect{path(beneath(proc, name)), kProcAttr | MOUNT_ATTR_RDONLY}, both(part, flag_when(!*op.harden, wire::kRootOnly)));
  if (!*op.harden) return;
  for (const ProcMasked& masked : kProcMasked) emit(plan::Mask{path(beneath(proc, masked.name)), masked.directory ? 1u : 0u}, part);
}

void Lowering::lower(const DevOp& op) {
  const Template dev = target();
  const bool at_once = !*op.write && op.nodes->empty() && *profile_.process.new_session;
  emit(plan::Mount{path(dev), "tmpfs", kProcAttr, "mode=0755"}, both(trust(wire::kMakeDir), flag_when(*op.create, wire::kCreate)));
  emit_dev_entries(dev, op, at_once);
  if (at_once) emit(plan::Remount{path(dev), kDeviceAttr}, both(trust_part(), wire::kRecursive));
  emit_dev_mounts(dev, op);
  emit_dev_nodes(dev, op);
  if (!*profile_.process.new_session) emit(plan::Console{path(beneath(dev, "console"))}, both(trust_part(), wire::kMakeFile));
  if (!*op.write && !at_once) emit(plan::Remount{path(dev), MOUNT_ATTR_RDONLY}, trust_part());
}

void Lowering::emit_dev_entries(const Template& dev, const DevOp& op, bool flags_follow) {
  // A device on a trusted path has no flags of its own yet (op_device.cc).
  const std::uint16_t file = both(flags_follow ? trust_part() : std::uint16_t{0}, wire::kMakeFile), dir = both(trust_part(), wire::kMakeDir);
  for (const DevDevice& device : kDevDevices) emit(plan::Device{path(beneath(dev, device.name)), path(literal(std::string("/dev/") + device.name)), device.number}, file);
  for (const DevLink& link : kDevLinks) emit(plan::Symlink{path(beneath(dev, link.name)), {literal(link.to), false, origin_}}, trust_part());
  for (const char* name : {"pts", "shm"}) emit(plan::Dir{path(beneath(dev, name)), 0755}, dir);
  if (*op.mqueue) emit(plan::Dir{path(beneath(dev, "mqueue")), 0755}, dir);
}

void Lowering::emit_dev_mounts(const Template& dev, const DevOp& op) {
  emit(plan::Mount{path(beneath(dev, "pts")), "devpts", kPtsAttr, "ptmxmode=0666,mode=620"}, trust_part());
  emit(plan::Mount{path(beneath(dev, "shm")), "tmpfs", kBase, ""}, trust_part());
  if (*op.mqueue) emit(plan::Mount{path(beneath(dev, "mqueue")), "mqueue", kProcAttr, ""}, trust_part());
}

void Lowering::emit_dev_nodes(const Template& dev, const DevOp& op) {
  std::set<std::string> made;
  for (const Placed<Template>& node : *op.nodes) {
    const std::optional<std::string> below = below_dev(node.value);
    if (!below) continue;  // reported by check
    for (std::size_t slash = below->find('/'); slash != std::string::npos; slash = below->find('/', slash + 1)) {
      const std::string parent = below->substr(0, slash);
      if (made.insert(parent).second) emit(plan::Dir{path(beneath(dev, parent)), 0755}, both(trust_part(), wire::kMakeDir));
    }
    Template at = beneath(dev, *below);
    at.segments.insert(at.segments.end(), node.value.segments.begin() + 1, node.value.segments.end());
    const std::uint16_t flags = node.value.literal() ? both(trust_part(), kMakeEither) : std::uint16_t{0};
    emit(plan::Bind{path(std::move(at)), {node.value, true, origin_of(sources_, node.span)}, kDeviceAttr}, flags);
  }
}

void Lowering::lower(const DirOp& op) {
  if (place_->trusted && place_->before == Placement::Target::Directory) return;  // it keeps its mode
  emit(plan::Dir{path(target()), op.mode->bits}, both(trust(wire::kMakeDir), flag_when(*op.create, wire::kCreate)));
}

void Lowering::lower(const FileOp& op) {
  const std::string& data = op.text.present ? *op.text : *op.base64;  // resolve has put what `source` names into base64
  emit(plan::File{path(target()), data, op.mode->bits}, both(trust(wire::kMakeFile), both(flag_when(place_->in_place(), wire::kInPlace), flag_when(*op.create, wire::kCreate))));
}

void Lowering::lower(const EtcOp& op) {
  // What is there already is asked whose it is.
  emit(plan::Etc{path(target()), path(op.from), etc_prefix(profile_, op)}, both(flag_when(place_->missing(), wire::kTrusted), wire::kMakeDir));
}

void Lowering::lower(const RootOp& op) {
  const std::uint64_t attr = MOUNT_ATTR_NOSUID | when(!*op.device, MOUNT_ATTR_NODEV) | when(!*op.write, MOUNT_ATTR_RDONLY);
  emit(plan::Root{path(target()), path(op.from), attr}, 0);
}

void Lowering::lower(const SymlinkOp& op) {
  emit(plan::Symlink{path(target()), {*op.to, *op.dereference, origin_of(sources_, op.to.span)}},
       both(trust_part(), both(flag_when(*op.dereference, wire::kDereference), flag_when(*op.create, wire::kCreate))));
}

void Lowering::lower(const RemountOp& op) {
  const std::uint64_t attr = when(*op.readonly, MOUNT_ATTR_RDONLY) | when(*op.noexec, MOUNT_ATTR_NOEXEC) | when(*op.nosuid, MOUNT_ATTR_NOSUID) | when(*op.nodev, MOUNT_ATTR_NODEV);
  emit(plan::Remount{path(target()), attr}, both(trust_part(), flag_when(*op.recursive, wire::kRecursive)));
}

}  // namespace

PlanOrigin origin_of(const Sources& sources, const Span& span) {
  if (!span.known()) return {};
  return {span.file, sources.line(span)};
}

std::string size_option(const type::Size& size) { return std::to_string(size.number) + (size.percent ? "%" : ""); }

std::string octal(std::uint32_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) digits += static_cast<char>('0' + ((mode >> shift) & 7));
  return digits;
}

std::vector<PlanOp> lower_fs(const Profile& profile, const View& view, const Sources& sources) { return Lowering(profile, view, sources).run(); }

}  // namespace immure::lowering
