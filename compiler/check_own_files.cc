// What confines the program, below a directory that the program may write: it could loosen its own next launch.
#include "compiler/check_own_files.h"

#include <algorithm>

#include "compiler/check_rules.h"
#include "compiler/paths.h"

namespace immure {

void check_own_files(const Profile& profile, const std::vector<OwnFile>& files, const HostFiles& host, Diagnostics& diags) {
  const auto check = [&](const Field<type::HostPath>& place) {
    if (!place.present || !place->literal()) return;
    const std::string real = host.real_path(place->str());
    const Components writable = components(real.empty() ? place->str() : real);
    for (const OwnFile& file : files) {
      if (file.path.empty() || !at_or_below(components(file.path), writable)) continue;
      diags.add(Code::OwnFilesWritable, place.span, "the program may write " + file.what + " itself, `" + file.path + "`")
          .help("keep it elsewhere, or bind only the directories that the program works in");
      return;
    }
  };
  rules::each<BindOp>(profile, [&](std::int32_t, const FsEntry& entry, const BindOp& bind) {
    if (*bind.write) check(rules::source_of(entry, bind));
  });
  rules::each<OverlayOp>(profile, [&](std::int32_t, const FsEntry&, const OverlayOp& op) { check(op.upper); });
  rules::each<RootOp>(profile, [&](std::int32_t, const FsEntry&, const RootOp& op) {
    if (*op.write) check(op.from);
  });
}

}  // namespace immure
