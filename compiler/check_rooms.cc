// Whether what entries put into a tmpfs fits into it: the kernel counts as soon as they are made, so a launch would fail (KERNEL 2.7). What hangs on the host, on a variable
// or on a share of the memory is counted as nothing, so that what is said is certain.
#include <algorithm>

#include "compiler/check_rules.h"

namespace immure::rules {
namespace {

constexpr std::uint64_t kPage = 4096;

std::uint64_t pages(std::uint64_t bytes) { return (bytes + kPage - 1) / kPage; }

/// How many inodes of each mount are certainly taken: its root, and what stands on it. A mount point is one of the mount that it was made on.
std::vector<std::uint64_t> inodes_taken(const View& view) {
  std::vector<std::uint64_t> taken(view.mounts.size(), 1);
  for (std::uint32_t i = 1; i < view.nodes.size(); ++i) {
    const ViewNode& node = view.nodes[i];
    if (!node.certain || node.maybe) continue;
    const bool mount_root = view.mounts[node.mount].node == i;
    const bool made = !mount_root || !node.main || view.placements[static_cast<std::size_t>(node.op)].before == Placement::Target::Missing;
    if (made) ++taken[mount_root ? view.nodes[node.parent].mount : node.mount];
  }
  return taken;
}

void check_inodes(const Profile& profile, const View& view, Diagnostics& diags) {
  std::vector<std::uint64_t> taken;
  for (std::size_t i = 0; i < view.mounts.size(); ++i) {
    const ViewMount& mount = view.mounts[i];
    if (mount.op < 0) continue;
    const TmpfsOp* op = std::get_if<TmpfsOp>(&profile.fs[static_cast<std::size_t>(mount.op)].op);
    if (op == nullptr || !op->inodes.present) continue;
    if (taken.empty()) taken = inodes_taken(view);
    if (taken[i] <= *op->inodes) continue;
    diags
        .add(Code::TmpfsTooSmall, op->inodes.span,
             "the entries make " + std::to_string(taken[i]) + " files, directories and mount points in a tmpfs of " + std::to_string(*op->inodes) + " inodes")
        .help("its root counts too; say at least " + std::to_string(taken[i]) + ", and more for what the program makes");
  }
}

/// The bytes that a `file` holds.
std::uint64_t size_of(const FileOp& op) { return op.text.present ? op.text->size() : op.base64.present ? op.base64->size() : 0; }

/// Of the files that are made on the root, or of those that are mounted elsewhere from a filesystem of the same size (initrt/scratch.h).
void check_contents(const Profile& profile, const View& view, bool in_place, Diagnostics& diags) {
  const Field<type::Size>& size = profile.root.size;
  if (!size.present || size->percent) return;
  std::uint64_t wanted = 0, largest = 0;
  const FsEntry* last = nullptr;
  each<FileOp>(profile, [&](std::int32_t index, const FsEntry& entry, const FileOp& op) {
    if (view.placements[static_cast<std::size_t>(index)].in_place() != in_place) return;
    wanted += pages(size_of(op));
    if (size_of(op) < largest) return;
    largest = size_of(op);
    last = &entry;
  });
  if (last == nullptr || wanted <= pages(size->number)) return;
  const std::string needed = std::to_string(wanted * kPage);
  Diagnostic& d =
      diags.add(Code::TmpfsTooSmall, size.span.known() ? size.span : last->target.span,
                std::string("the files that are ") + (in_place ? "made on the root filesystem" : "mounted") + " take " + needed + " bytes, of " + std::to_string(size->number));
  if (size.span.known()) d.label(last->target.span, "the largest is here");
  d.help("bind large files from the host, or say `size = " + needed + "` in `[root]`" + (in_place ? ", and more for what the program makes" : ", which bounds these too"));
}

}  // namespace

void rooms(const Profile& profile, const View& view, Diagnostics& diags) {
  check_inodes(profile, view, diags);
  for (const bool in_place : {true, false}) check_contents(profile, view, in_place, diags);
}

}  // namespace immure::rules
