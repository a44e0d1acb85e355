// The groups of rules that check.cc runs, and what they share.
#pragma once

#include "compiler/check.h"

namespace immure::rules {

void program(const Profile& profile, const View& view, Diagnostics& diags);
void needs(const Profile& profile, const View& view, Diagnostics& diags);
void mounts(const Profile& profile, Diagnostics& diags);
void sources(const Profile& profile, Diagnostics& diags);
void overlays(const Profile& profile, Diagnostics& diags);
void closed(const Profile& profile, const View& view, Diagnostics& diags);
void rooms(const Profile& profile, const View& view, Diagnostics& diags);
void secrets(const Profile& profile, Diagnostics& diags);
void policy(const Profile& profile, Diagnostics& diags);
void filter(const Profile& profile, Diagnostics& diags);
void process(const Profile& profile, const View& view, Diagnostics& diags);

/// A key that stands in a file, rather than one that resolve has filled in.
template <class T>
bool written(const Field<T>& field) {
  return field.present && field.span.known();
}

/// Where a bind's source is named.
inline const Field<type::HostPath>& source_of(const FsEntry& entry, const BindOp& bind) { return bind.from.present ? bind.from : entry.target; }

inline bool is_host_root(const Template& path) { return path.literal() && path.str() == "/"; }

/// Calls f(index, entry, op) for each entry of one kind.
template <class Op, class F>
void each(const Profile& profile, F&& f) {
  std::int32_t index = 0;
  for (const FsEntry& entry : profile.fs) {
    if (const Op* op = std::get_if<Op>(&entry.op)) f(index, entry, *op);
    ++index;
  }
}

}  // namespace immure::rules
