// Layers of overlays against this host's files and mounts (KERNEL 2.2 to 2.4).
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "compiler/check_host_rules.h"
#include "compiler/paths.h"

namespace immure::rules {
namespace {

constexpr std::size_t kMaxScanned = 2000;
constexpr std::size_t kMostCompared = 64;  // lower directories, each with each
constexpr int kMostStacked = 2;            // FILESYSTEM_MAX_STACK_DEPTH
// What the kernel refuses as upper: no whiteouts, no user attributes, or overlays themselves.
constexpr std::array<std::string_view, 14> kNoUpper{"overlay", "proc", "sysfs", "nfs", "nfs4", "cifs", "smb3", "vfat", "msdos", "exfat", "ntfs3", "squashfs", "erofs", "iso9660"};

std::string quoted(const std::string& path) { return "`" + path + "`"; }

/// Where the layer is, or nothing: it hangs on a variable or has been reported.
std::optional<std::string> layer(const HostAsk& ask, const Template& path, Span span) {
  if (!path.literal()) return std::nullopt;
  std::string real;
  const HostStat stat = ask.reach(path.str(), real);
  if (stat.error != 0) {
    ask.diags.add(Code::HostSourceMissing, span, "this host gives no " + quoted(path.str()) + ": " + std::strerror(stat.error))
        .help(stat.error == ENOENT ? "make the directory first, or name another" : "whoever starts the launcher must be able to reach it");
    return std::nullopt;
  }
  if (stat.kind == HostStat::Kind::Directory) return real;
  ask.diags.add(Code::HostSourceKind, span, quoted(path.str()) + " is no directory on this host, and every layer of an overlay is one");
  return std::nullopt;
}

/// How many filesystems stand on one another there. The kernel takes two, and the overlay over this is one.
int stacked(const HostAsk& ask, const std::string& path, int left = 4) {
  const HostMount* mount = ask.mount_of(path);
  if (mount == nullptr || left == 0) return 0;
  if (mount->type == "proc") return kMostStacked;  // says so of itself, because nothing may be stacked on it
  if (mount->type != "overlay") return 0;
  int most = 0;
  for (const std::string& below : mount->layers) {
    // Whoever mounted it named its layers as they saw them. In a container that is another host: its names are nowhere here, or mean the overlay itself, which is `/` here.
    const std::string real = below.starts_with('/') ? ask.files.real_path(below) : std::string();
    if (!real.empty() && ask.mount_of(real) != mount) most = std::max(most, stacked(ask, real, left - 1));
  }
  return most + 1;
}

void check_stack(const HostAsk& ask, const std::string& lower, Span span) {
  if (stacked(ask, lower) < kMostStacked) return;
  const HostMount* mount = ask.mount_of(lower);
  ask.diags.add(Code::HostLowerFilesystem, span, quoted(lower) + " is on " + quoted(mount->type) + ", over which no overlay can be mounted")
      .help(mount->type == "proc" ? "`{ proc = \"/proc\" }` gives the sandbox one of its own" : "it is an overlay of an overlay already: take the directories that it is made of");
}

void check_mounts_below(const HostAsk& ask, const std::string& lower, Span span) {
  const std::string prefix = lower == "/" ? lower : lower + "/";
  for (const HostMount& mount : ask.mounts) {
    if (!mount.path.starts_with(prefix) || mount.path == lower) continue;
    ask.diags.add(Code::HostMountsBelowLower, span, quoted(lower) + " has a mount below it on this host, at " + quoted(mount.path))
        .help("take a lower directory without mounts in it, and bind those on top of the overlay");
    return;
  }
}

/// Files that a write would have to copy up under an owner who does not exist inside.
void check_owners(const HostAsk& ask, const std::string& lower, Span span) {
  std::vector<std::string> todo{lower};
  std::size_t scanned = 0;
  while (!todo.empty() && scanned < kMaxScanned) {
    const std::string directory = std::move(todo.back());
    todo.pop_back();
    for (const std::string& name : ask.files.list(directory, kMaxScanned)) {
      if (++scanned > kMaxScanned) return;
      const std::string path = directory + "/" + name;
      const HostStat stat = ask.files.look(path);
      if (stat.error != 0) continue;
      if (stat.uid != ask.caller.uid || stat.gid != ask.caller.gid) {
        ask.diags.add(Code::LayerOwners, span, "what others own below " + quoted(lower) + " cannot be changed through the overlay, such as " + quoted(path))
            .help("the kernel answers EOVERFLOW: its owner does not exist in the sandbox");
        return;
      }
      if (stat.kind == HostStat::Kind::Directory) todo.push_back(path);
    }
  }
}

void check_writable(const HostAsk& ask, const char* name, const std::string& path, Span span) {
  const HostMount* mount = ask.mount_of(path);
  if (mount != nullptr && std::find(kNoUpper.begin(), kNoUpper.end(), mount->type) != kNoUpper.end()) {
    ask.diags.add(Code::HostUpperFilesystem, span, quoted(path) + " is on " + quoted(mount->type) + ", which cannot be `" + name + "` of an overlay")
        .help("take a directory on a local filesystem, or `ephemeral = true`");
    return;
  }
  const bool readonly = mount != nullptr && mount->readonly;
  if (!readonly && ask.may(ask.files.look(path), 3)) return;
  ask.diags
      .add(Code::HostWorkUnwritable, span, "`" + std::string(name) + "` " + quoted(path) + (readonly ? " is on a read-only mount" : " may not be written by whoever checks this"))
      .help("the kernel would mount the overlay read-only and say nothing");
}

/// A layer as the kernel knows it, whatever its name is: through a link or a bind mount one directory has several.
struct Known {
  const Template* path;
  Span span;
  std::string real;
  HostStat stat;
};

std::optional<Known> known(const HostAsk& ask, const Template& path, Span span) {
  Known out{&path, span, ask.files.real_path(path.str()), {}};
  out.stat = ask.files.look(out.real);
  if (out.real.empty() || out.stat.error != 0 || out.stat.inode == 0) return std::nullopt;
  return out;
}

bool same(const HostStat& a, const HostStat& b) { return a.error == 0 && b.error == 0 && a.device == b.device && a.inode == b.inode; }

/// Whether `inner` is `outer` or lies below it, and that could not be seen from their names.
enum class Relation { Apart, Same, Below };
Relation relation(const HostAsk& ask, const Known& inner, const Known& outer) {
  if (at_or_below(components(*inner.path), components(*outer.path))) return Relation::Apart;  // said already
  if (same(inner.stat, outer.stat)) return Relation::Same;
  for (std::size_t slash = inner.real.rfind('/'); slash != 0 && slash != std::string::npos; slash = inner.real.rfind('/', slash - 1))
    if (same(ask.files.look(inner.real.substr(0, slash)), outer.stat)) return Relation::Below;
  return Relation::Apart;
}

void check_aliases(const HostAsk& ask, const OverlayOp& op) {
  std::vector<Known> lowers;
  for (const Placed<Template>& lower : *op.lower)
    if (lower.value.literal())
      if (std::optional<Known> one = known(ask, lower.value, lower.span)) lowers.push_back(*std::move(one));
  const auto add = [&](Code code, const Known& inner, const Known& outer, const std::string& message) {
    ask.diags.add(code, inner.span, message).label(outer.span, "this one").help("on this host one directory has both names, by a link or a mount");
  };
  for (std::size_t i = 0; i < lowers.size(); ++i)
    for (std::size_t j = 0; j < lowers.size(); ++j) {
      const Relation how = i == j ? Relation::Apart : relation(ask, lowers[i], lowers[j]);
      if (how == Relation::Same && j < i)
        add(Code::OverlaySameLower, lowers[i], lowers[j], quoted(lowers[i].path->str()) + " is on this host the same directory as " + quoted(lowers[j].path->str()));
      if (how == Relation::Below) add(Code::OverlayNestedLower, lowers[i], lowers[j], quoted(lowers[i].path->str()) + " lies on this host inside " + quoted(lowers[j].path->str()));
    }
  std::vector<Known> written;
  for (const Field<type::HostPath>* field : {&op.upper, &op.work})
    if (field->present && (*field)->literal())
      if (std::optional<Known> one = known(ask, **field, field->span)) written.push_back(*std::move(one));
  for (const Known& outer : written)
    for (const Known& lower : lowers)
      if (relation(ask, lower, outer) != Relation::Apart)
        add(Code::OverlayLowerInUpper, lower, outer, "the lower directory " + quoted(lower.path->str()) + " is on this host, or lies inside, " + quoted(outer.path->str()));
  if (written.size() == 2 && (relation(ask, written[0], written[1]) != Relation::Apart || relation(ask, written[1], written[0]) == Relation::Below))
    add(Code::OverlayUpperIsWork, written[1], written[0], "`upper` and `work` are on this host the same directory, or one lies inside the other");
}

void check_overlay(const HostAsk& ask, const OverlayOp& op) {
  const bool writable = op.upper.present || *op.ephemeral;
  if (op.lower->size() <= kMostCompared) check_aliases(ask, op);
  for (const Placed<Template>& lower : *op.lower) {
    const std::optional<std::string> real = layer(ask, lower.value, lower.span);
    if (!real) continue;
    check_stack(ask, *real, lower.span);
    check_mounts_below(ask, *real, lower.span);
    if (writable) check_owners(ask, *real, lower.span);
  }
  if (!op.upper.present || !op.work.present) return;
  const std::optional<std::string> upper = layer(ask, *op.upper, op.upper.span), work = layer(ask, *op.work, op.work.span);
  if (upper) check_writable(ask, "upper", *upper, op.upper.span);
  if (work) check_writable(ask, "work", *work, op.work.span);
  if (!upper || !work) return;
  const HostMount *a = ask.mount_of(*upper), *b = ask.mount_of(*work);
  if (a != nullptr && b != nullptr && a->id != b->id)
    ask.diags.add(Code::HostUpperWork, op.work.span, "`work` is on another mount of this host than `upper`: " + quoted(b->path) + ", not " + quoted(a->path))
        .label(op.upper.span, "`upper`")
        .help("put both side by side in one directory");
}

}  // namespace

void host_overlays(const HostAsk& ask) {
  each<OverlayOp>(ask.profile, [&](std::int32_t, const FsEntry&, const OverlayOp& op) { check_overlay(ask, op); });
}

}  // namespace immure::rules
