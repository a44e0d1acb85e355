// What of the host a profile makes writable, and what else it then takes from there. Paths are compared by their text.
#include "compiler/check_rules.h"
#include "compiler/fs_names.h"
#include "compiler/paths.h"

namespace immure::rules {
namespace {

struct Grant {
  const FsEntry* entry;
  const Field<type::HostPath>* source;
  Components from;
  Components target;
};

std::string quoted(const Template& path) { return "`" + path.shown() + "`"; }

/// Shows the same place at the same path as the grant around it: that gives nothing, and read-only it takes something away.
bool only_narrows(const Grant& inner, const Grant& outer) {
  if (!strictly_below(inner.target, outer.target)) return false;
  return Components(inner.target.begin() + static_cast<std::ptrdiff_t>(outer.target.size()), inner.target.end()) ==
         Components(inner.from.begin() + static_cast<std::ptrdiff_t>(outer.from.size()), inner.from.end());
}

}  // namespace

void sources(const Profile& profile, Diagnostics& diags) {
  std::vector<Grant> grants;
  PathIndex writable;
  each<BindOp>(profile, [&](std::int32_t, const FsEntry& entry, const BindOp& bind) {
    if (!*bind.write) return;
    const Field<type::HostPath>& source = source_of(entry, bind);
    if (is_host_root(*source)) {  // says it all: what lies below is not reported again
      if (!is_host_root(*entry.target))
        diags.add(Code::HostRootWritable, source.span, "the whole of the host may be written").help("bind the directories that the program works in");
      return;
    }
    grants.push_back({&entry, &source, components(*source), components(*entry.target)});
    writable.add(grants.back().from, static_cast<std::int32_t>(grants.size() - 1));
  });
  each<RootOp>(profile, [&](std::int32_t, const FsEntry& entry, const RootOp& root) {
    if (!*root.write) return;
    if (is_host_root(*root.from)) {
      diags.add(Code::HostRootWritable, entry.target.span, "the whole of the host may be written").help("leave `write` out, and bind the directories that the program works in");
      return;
    }
    grants.push_back({&entry, &root.from, components(*root.from), {}});
    writable.add(grants.back().from, static_cast<std::int32_t>(grants.size() - 1));
  });
  if (grants.empty()) return;
  PathIndex targets;
  for (const FsEntry& entry : profile.fs) targets.set(components(*entry.target), 0);
  each<BindOp>(profile, [&](std::int32_t, const FsEntry& entry, const BindOp& bind) {
    const Field<type::HostPath>& source = source_of(entry, bind);
    const Grant inner{&entry, &source, components(*source), components(*entry.target)};
    const std::int32_t found = writable.above(inner.from);
    if (found == PathIndex::kNone) return;
    const Grant& outer = grants[static_cast<std::size_t>(found)];
    // A `root` leaves some names out.
    if (outer.target.empty() && inner.from.size() > outer.from.size() && root_leaves_out(inner.from[outer.from.size()])) return;
    if (*bind.write) {
      if (only_narrows(inner, outer) && targets.below(inner.target) != PathIndex::kNone) return;  // keeps the way to what is closed below it (W0339)
      diags.add(Code::WriteCovered, source.span, quoted(*source) + " is writable already, as a part of " + quoted(**outer.source))
          .label(outer.source->span, "all below this may be written")
          .help("remove this entry, or `write` from the wider one");
    } else if (!only_narrows(inner, outer)) {
      diags.add(Code::SourceBelowWritable, source.span, "the program can change what " + quoted(*source) + " is: it lies below " + quoted(**outer.source) + ", which it may write")
          .label(outer.source->span, "this is writable")
          .help("links on the way are refused at launch; take it from a place that the program cannot write");
    }
  });
}

}  // namespace immure::rules
