// Which files `check` is about: those that are named, and all profiles below the directories that are.
//
// A profile in a directory is a *.toml with a top-level key `immure`; other tools' files are left alone. One without `[program]` is a fragment: it is there to
// be extended. Hidden directories are not entered and links to directories are not followed, so that a walk ends and stays where it was sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace immure {

struct Candidate {
  std::string path;
  bool named = false;  // on the command line: whatever it is, it is meant
};

struct Candidates {
  std::vector<Candidate> files;         // as they were named; of a directory in the order of their names; each once
  std::vector<std::string> unreadable;  // what went wrong with a directory
};
Candidates find_candidates(const std::vector<std::string>& paths);

enum class Kind { Profile, Fragment, Other };
/// From its text, which need not be sound.
Kind kind_of(std::string_view text);

}  // namespace immure
