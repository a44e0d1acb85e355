// The compiler against the kernel: random profiles, judged with `check --host` and then launched whatever was said.
//
//   differential COUNT SEED [FIRST]      exit 0 when all agree; the program `probe` lies beside this one
//
// A run's profiles are numbered from 0, and FIRST says where to begin: `differential 1 SEED NUMBER` is that profile again, printed whatever comes of it.
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

void print(const World& world, const Draft& draft, const std::string& detail, Outcome outcome, std::uint64_t number) {
  std::cout << "---- " << word(outcome) << ", number " << number << (draft.planted == nullptr ? "" : std::string(", planted ") + draft.planted->code) << ": " << detail << "\n"
            << draft.text(world.place());
  for (const std::string& variable : draft.variables) std::cout << "# " << variable << "\n";
  std::cout << std::flush;
}

int compare_all(const std::string& self, std::uint64_t count, std::uint64_t seed, std::uint64_t first) {
  own_mounts();
  const World world(std::filesystem::path(self).parent_path() / "probe");
  const std::unique_ptr<HostFiles> files = host_files();
  Trial trial(world, *files);
  std::map<Outcome, std::size_t> counts;
  std::map<std::string, std::size_t> planted;
  bool agreed = true;
  for (std::uint64_t i = first; i < first + count; ++i) {
    const Draft draft = Generator(seed * 1'000'003 + i).draw();
    const Outcome outcome = trial(draft);
    ++counts[outcome];
    if (draft.planted != nullptr) ++planted[draft.planted->code];
    if (count == 1) print(world, draft, trial.detail, outcome, i);
    if (!disagrees(outcome)) continue;
    agreed = false;
    const Draft small = shrink(trial, draft, outcome);
    print(world, small, trial.detail, outcome, i);
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
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: differential COUNT SEED [FIRST]\n";
    return 2;
  }
  return compare_all(std::filesystem::canonical("/proc/self/exe"), std::stoull(argv[1]), std::stoull(argv[2]), argc == 4 ? std::stoull(argv[3]) : 0);
}
