// Layers of overlays against this host's files and mounts (KERNEL 2.2 to 2.4).
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "compiler/check_host_rules.h"

namespace immure::rules {
namespace {

constexpr std::size_t kMaxScanned = 2000;
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
  ask.diags.add(Code::HostWorkUnwritable, span, "`" + std::string(name) + "` " + quoted(path) + (readonly ? " is on a read-only mount" : " may not be written by whoever checks this"))
      .help("the kernel would mount the overlay read-only and say nothing");
}

void check_overlay(const HostAsk& ask, const OverlayOp& op) {
  const bool writable = op.upper.present || *op.ephemeral;
  for (const Placed<Template>& lower : *op.lower) {
    const std::optional<std::string> real = layer(ask, lower.value, lower.span);
    if (!real) continue;
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
