// The groups of rules that check_host.cc runs, and what they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check_host.h"
#include "compiler/check_rules.h"
#include "compiler/host_walk.h"

namespace immure::rules {

/// One line of /proc/self/mountinfo.
struct HostMount {
  std::string id, path, type;
  bool readonly = false;
  std::vector<std::string> layers;  // of an overlay, as its options name them
};

/// What every rule asks.
struct HostAsk {
  const Profile& profile;
  const View& view;
  const HostFiles& files;
  HostWalk walk;
  HostCaller caller;
  std::vector<HostMount> mounts;
  Diagnostics& diags;

  /// The mount that a path without links is on.
  const HostMount* mount_of(const std::string& real) const;
  /// What the permission bits give the caller: 4 read, 2 write, 1 execute or search. All, where an access list may: it is not read, and what is not known is no fault.
  std::uint32_t bits_for(const HostStat& stat) const;
  /// Whether init, which holds capabilities over the caller's own files, may do this.
  bool may(const HostStat& stat, std::uint32_t want) const;
  /// Whether the program may, which holds none: an owner is bound by his own bits too.
  bool program_may(const HostStat& stat, std::uint32_t want) const { return (bits_for(stat) & want) == want; }
  /// With links followed; an error where init cannot reach it. `real`: the path without links.
  HostStat reach(const std::string& path, std::string& real) const;
};

void host_sources(const HostAsk& ask);
void host_links(const Profile& profile, const HostFiles& files, Diagnostics& diags);
void host_targets(const HostAsk& ask);
void host_overlays(const HostAsk& ask);
void host_sizes(const HostAsk& ask);
void host_program(const HostAsk& ask);

}  // namespace immure::rules
