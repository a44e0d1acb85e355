// One comparison: what `check --host` says of a draft, against what its launcher does and shows.
#pragma once

#include <set>
#include <string>

#include "compiler/host.h"
#include "tests/differential/draft.h"
#include "tests/differential/world.h"

namespace immure::test {

enum class Outcome {
  Agree,       // launched and showed what was said, or was refused as was said
  FalseAlarm,  // a launch error, and it launched
  Miss,        // no launch error, and it did not launch
  WrongView,   // launched, and shows something else than the view, or than the message
  Silent,      // the planted fault was not reported
  Unknown,     // did not launch, and what the launch hangs on was said to be unknown
  Skipped,     // not a profile: the generator's own mistake
};
const char* word(Outcome outcome);
inline bool disagrees(Outcome outcome) { return outcome == Outcome::FalseAlarm || outcome == Outcome::Miss || outcome == Outcome::WrongView || outcome == Outcome::Silent; }

class Trial {
 public:
  Trial(const World& world, const HostFiles& files) : world_(world), files_(files) {}
  Outcome operator()(const Draft& draft);

  std::string detail;  // of the last one: the codes, and what is wrong
  std::set<std::string> codes;
  std::size_t launched = 0;        // how many did
  std::size_t told = 0, open = 0;  // paths of which the view said something that was compared, and those of which it said that it cannot know

 private:
  const World& world_;
  const HostFiles& files_;
};

/// The smallest draft with the same outcome.
Draft shrink(Trial& trial, Draft draft, Outcome outcome);

}  // namespace immure::test
