// The compiler against the kernel: random profiles, judged with `check --host` and then launched whatever was said.
//
//   differential COUNT SEED      exit 0 when all agree; the program `probe` lies beside this one
//
// A profile without launch errors must launch, and show at every path what the view said (the host's files by their inode). One with a launch error must fail at
// launch. One with only meaning errors must launch and show the wrong result that the message speaks of. In two of five profiles a fault is planted, of which the code is
// known. Everything follows from the seed. What disagrees is shrunk: entries and keys are removed while it still does. docs/differential.md keeps what was ever found.
#include <iostream>
#include <map>

#include "tests/differential/trial.h"

namespace {

using namespace immure;
using namespace immure::test;

constexpr Outcome kAll[] = {Outcome::Agree, Outcome::FalseAlarm, Outcome::Miss, Outcome::WrongView, Outcome::Silent, Outcome::Unknown, Outcome::Skipped};

int compare_all(const std::string& self, std::uint64_t count, std::uint64_t seed) {
  own_mounts();
  const World world(std::filesystem::path(self).parent_path() / "probe");
  const std::unique_ptr<HostFiles> files = host_files();
  Trial trial(world, *files);
  std::map<Outcome, std::size_t> counts;
  std::map<std::string, std::size_t> planted;
  bool agreed = true;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Draft draft = Generator(seed * 1'000'003 + i).draw();
    const Outcome outcome = trial(draft);
    ++counts[outcome];
    if (draft.planted != nullptr) ++planted[draft.planted->code];
    if (!disagrees(outcome)) continue;
    agreed = false;
    const Draft small = shrink(trial, draft, outcome);
    std::cout << "---- " << word(outcome) << ", number " << i << (small.planted == nullptr ? "" : std::string(", planted ") + small.planted->code) << ": " << trial.detail << "\n"
              << small.text(world.place());
    for (const std::string& variable : small.variables) std::cout << "# " << variable << "\n";
    std::cout << std::flush;
  }
  std::cout << "seed " << seed << ": " << count << " profiles, " << trial.launched << " launched";
  for (const Outcome outcome : kAll) std::cout << ", " << counts[outcome] << " " << word(outcome);
  std::cout << "\npaths compared: " << trial.told << ", of which the view said unknown: " << trial.open << "\nplanted:";
  for (const auto& [code, hits] : planted) std::cout << ' ' << code << 'x' << hits;
  std::cout << "\n";
  return agreed ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: differential COUNT SEED\n";
    return 2;
  }
  return compare_all(std::filesystem::canonical("/proc/self/exe"), std::stoull(argv[1]), std::stoull(argv[2]));
}
