// Where a path of the sandbox ends, with the host's files looked at: the view's answer, and below binds and overlays this machine's.
#pragma once

#include <string>
#include <vector>

#include "compiler/host.h"
#include "compiler/profile.h"
#include "compiler/sight.h"
#include "compiler/view.h"

namespace immure {

struct Landing {
  enum class End { Found, Missing, Loop, Unknown } end = End::Unknown;  // Loop: more links than the kernel follows
  Sight sight;                                                          // what the view says of where it ends
  HostStat stat;                                                        // of `host`
  std::string host;                                                     // the file of this machine that stands there; empty: one of our own
  std::string path;                   // in the sandbox, without links; of Missing: the first that is not there, or that is no directory and should be
  std::string link;                   // of Missing and Loop: the link, the host's or one of our own, that leads there, where one does
  std::vector<std::string> searched;  // directories of this machine that were gone through on the way
};

/// Of Missing: whether something stands there, which is no directory.
bool in_the_way(const Landing& landing);

class HostWalk {
 public:
  HostWalk(const Profile& profile, const View& view, const HostFiles& files) : profile_(profile), view_(view), files_(files) {}
  /// As the kernel would inside; links are followed to where they lead inside.
  Landing operator()(const std::string& path, bool follow_last = true) const;

 private:
  /// Whether an entry has made this place itself, where the host had none.
  bool made(const Landing& landing) const;
  Landing follow(const std::string& path, bool follow_last, std::vector<std::string>& searched) const;
  Landing step(const std::string& path) const;
  /// Whether an entry beside an `etc`'s links may stand, through one of them, at this place in the directory that they lead to.
  bool through_etc(const Landing& landing) const;
  Landing on_host(Landing landing, std::string host) const;
  /// The flags below a bind of which a remount reached only the first mount: this host tells what is on another.
  void settle_flags(Landing& landing) const;
  Landing in_layers(Landing landing, const OverlayOp& op) const;

  const Profile& profile_;
  const View& view_;
  const HostFiles& files_;
};

}  // namespace immure
