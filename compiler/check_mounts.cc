// Rules about single entries of [[fs]]: keys that exclude one another, sizes that are not what they say.
#include <algorithm>

#include "compiler/check_rules.h"
#include "compiler/fs_names.h"
#include "compiler/paths.h"

namespace immure::rules {
namespace {

constexpr std::uint64_t kPage = 4096;

void check_bind(const BindOp& op, Diagnostics& diags) {
  if (!*op.optional || !*op.ensure) return;
  diags.add(Code::OptionalEnsure, op.ensure.span, "the bind is both `optional` and `ensure`")
      .label(op.optional.span, "skip it when the source is missing")
      .help("choose one: with `ensure` a missing source is made, so it is never skipped");
}

void check_remount(const FsEntry& entry, const RemountOp& op, Diagnostics& diags) {
  if (*op.readonly || *op.noexec || *op.nosuid || *op.nodev) return;
  diags.add(Code::RemountNoFlag, entry.op_key.known() ? entry.op_key : entry.span, "the `remount` adds no flag")
      .help("say `readonly = true`, `noexec = true`, `nosuid = true` or `nodev = true`");
}

void check_file(const FsEntry& entry, const FileOp& op, Diagnostics& diags) {
  std::vector<Span> given;
  if (written(op.text)) given.push_back(op.text.key_span);
  if (written(op.base64)) given.push_back(op.base64.key_span);
  if (written(op.source)) given.push_back(op.source.key_span);
  if (given.size() == 1) return;
  if (given.empty()) {
    diags.add(Code::FileContents, entry.op_key.known() ? entry.op_key : entry.span, "the `file` has no contents")
        .help("add one of `text`, `base64` and `source`; `text = \"\"` makes it empty");
    return;
  }
  std::sort(given.begin(), given.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  diags.add(Code::FileContents, given[1], "the `file` has more than one kind of contents").label(given[0], "the first is here").help("keep one of `text`, `base64` and `source`");
}

std::string rounded(std::uint64_t bytes) { return std::to_string((bytes + kPage - 1) / kPage * kPage); }

void check_size(const Field<type::Size>& size, Diagnostics& diags) {
  if (written(size) && size->percent && size->number > 100)
    diags.add(Code::SizeAboveRam, size.span, "the size is " + std::to_string(size->number) + "% of the memory")
        .help("a tmpfs that is filled takes memory from everything else; bound it well below");
  if (!written(size) || size->percent || size->number % kPage == 0) return;
  diags.add(Code::SizeRounded, size.span, "the size of " + std::to_string(size->number) + " bytes is rounded up to " + rounded(size->number))
      .help("a tmpfs is made of pages of " + std::to_string(kPage) + " bytes");
}

void check_tmpfs(const TmpfsOp& op, Diagnostics& diags) {
  check_size(op.size, diags);
  if (op.inodes.present && *op.inodes == 1)
    diags.add(Code::TmpfsOneInode, op.inodes.span, "with `inodes = 1` no file can be made: its root is the one")
        .help("count one for the root; for an empty directory say `readonly = true`");
}

bool made_by_dev(const std::string& name) {
  return std::any_of(kDevDevices.begin(), kDevDevices.end(), [&](const DevDevice& d) { return name == d.name; }) ||
         std::any_of(kDevLinks.begin(), kDevLinks.end(), [&](const DevLink& l) { return name == l.name; }) ||
         std::find(kDevOthers.begin(), kDevOthers.end(), name) != kDevOthers.end();
}

void check_dev(const DevOp& op, Diagnostics& diags) {
  PathIndex seen;
  for (std::size_t i = 0; i < op.nodes->size(); ++i) {
    const Placed<Template>& node = (*op.nodes)[i];
    const std::string shown = "`" + node.value.shown() + "`";
    if (!below_dev(node.value)) {
      diags.add(Code::DevNode, node.span, shown + " is not below `/dev`").help("a `bind` with `device = true` makes devices of other places usable");
      continue;
    }
    const Components path = components(node.value);
    if (path.size() > 1 && made_by_dev(path[1])) {
      diags.add(Code::DevNode, node.span, shown + " is a part of every `dev`").help("remove it from `nodes`");
      continue;
    }
    const std::int32_t before = seen.add(path, static_cast<std::int32_t>(i));
    const std::int32_t above = seen.above(path);
    if (before != PathIndex::kNone) diags.add(Code::DevNode, node.span, shown + " is listed twice").label((*op.nodes)[static_cast<std::size_t>(before)].span, "here first");
    else if (above != PathIndex::kNone)
      diags.add(Code::DevNode, node.span, shown + " comes with the directory that it is in").label((*op.nodes)[static_cast<std::size_t>(above)].span, "this one");
  }
}

}  // namespace

void mounts(const Profile& profile, Diagnostics& diags) {
  each<BindOp>(profile, [&](std::int32_t, const FsEntry&, const BindOp& op) { check_bind(op, diags); });
  each<RemountOp>(profile, [&](std::int32_t, const FsEntry& entry, const RemountOp& op) { check_remount(entry, op, diags); });
  each<FileOp>(profile, [&](std::int32_t, const FsEntry& entry, const FileOp& op) { check_file(entry, op, diags); });
  each<TmpfsOp>(profile, [&](std::int32_t, const FsEntry&, const TmpfsOp& op) { check_tmpfs(op, diags); });
  each<DevOp>(profile, [&](std::int32_t, const FsEntry&, const DevOp& op) { check_dev(op, diags); });
  check_size(profile.root.size, diags);
}

}  // namespace immure::rules
