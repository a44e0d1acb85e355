// The view for people and for programs: `immure view`.
#pragma once

#include <string>

#include "compiler/profile.h"
#include "compiler/source.h"
#include "compiler/view.h"

namespace immure {

struct ViewQuestion {
  bool writable = false;  // only what may be written
  bool json = false;
  bool colour = false;
  std::string path;  // not the tree, but this one path; empty: the tree
};

std::string view_text(const Profile& profile, const View& view, const Sources& sources, const ViewQuestion& question);

}  // namespace immure
