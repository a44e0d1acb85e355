// Is a broken filter always noticed?   seccomp_mutation [FILTERS] [SEED]
//
// Filters of presets and of random rules, in every shape and for every target, are broken in the ways in which generators go wrong: a flipped or displaced jump, a
// constant that is off by one, has a wrong bit or is another's, another comparison, a wrong answer, a load of the wrong word, a dropped instruction, a dropped architecture
// check. The proof has two halves, and each is the other's witness:
//   - what trying calls shows (bpf_check.cc), the diagrams (bpf_diagram.cc) must see too;
//   - where the diagrams see a difference, the call that they name must be answered differently by the interpreter;
//   - where they see none, the mutant is equivalent, and a search at random among the constants of both programs must find nothing either.
// So every mutant is caught or equivalent. The shares are printed.
#include <linux/audit.h>
#include <linux/filter.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "compiler/bpf_check.h"
#include "compiler/bpf_diagram.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"
#include "compiler/syscalls.h"

using namespace immure;

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : source_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return source_() % limit; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }
  template <class List>
  auto& one_of(List& list) {
    return list[static_cast<std::size_t>(below(list.size()))];
  }

 private:
  std::mt19937_64 source_;
};

// ---- policies --------------------------------------------------------------------------------------------------------------

SyscallPolicy preset_policy(Dice& dice) {
  Profile profile;
  profile.seccomp.enabled.value = true;
  profile.seccomp.presets.present = true;
  for (const type::Preset preset : {type::Preset::Ext, type::Preset::DenyNs, type::Preset::DenyTty, type::Preset::DenyDevel, type::Preset::Linux32})
    if (!dice.once_in(3)) profile.seccomp.presets.value.push_back({preset, {}});
  profile.seccomp.multiarch.value = dice.once_in(3);
  profile.seccomp.can.value = dice.once_in(2);
  profile.seccomp.bluetooth.value = dice.once_in(2);
  profile.seccomp.compat.present = dice.once_in(3);
  const Arch targets[] = {Arch::X86_64, Arch::X86_64, Arch::X86, Arch::Aarch64};
  return *program_policy(profile, targets[dice.below(4)]);
}

ArgTest random_test(Dice& dice) {
  const std::uint64_t constants[] = {0, 1, 2, 7, 0x80, 0x5412, 0x1000'0000, 0x7fff'ffff, 0x8000'0000, kLow32, kLow32 + 1, 0x1'5412, kAllBits - 1, kAllBits};
  const auto constant = [&] { return dice.once_in(4) ? dice.below(kAllBits) : constants[dice.below(std::size(constants))]; };
  ArgTest test;
  test.index = static_cast<std::uint8_t>(dice.below(6));
  test.negated = dice.once_in(4);
  const std::uint64_t kind = dice.below(4);
  test.mask = kind == 0 ? kAllBits : kind == 1 ? kLow32 : kAllBits;
  if (kind == 3) {  // some bits
    do test.mask = constant();
    while (test.mask == 0);
    test.lo = test.hi = constant() & test.mask;
    return test;
  }
  test.lo = constant() & test.mask;
  test.hi = dice.once_in(2) ? test.lo : constant() & test.mask;
  if (test.lo > test.hi) std::swap(test.lo, test.hi);
  return test;
}

SyscallPolicy rule_policy(Dice& dice) {
  static const std::vector<std::string> names = syscall_names();
  const Action actions[] = {{ActionKind::Allow, 0}, {ActionKind::Log, 0}, {ActionKind::Errno, 1}, {ActionKind::Errno, 38}, {ActionKind::Trap, 0}, {ActionKind::KillProcess, 0}};
  SyscallPolicy policy;
  policy.archs = {Arch::X86_64};
  if (dice.once_in(3)) policy.archs.push_back(Arch::X86);
  policy.fallback = actions[dice.below(std::size(actions))];
  for (std::uint64_t calls = 1 + dice.below(40); calls > 0; --calls) {
    const std::string& name = dice.one_of(names);
    for (std::uint64_t rules = 1 + dice.below(3); rules > 0; --rules) {
      SyscallRule rule{name, actions[dice.below(std::size(actions))], {}, "rule", {}};
      if (!dice.once_in(3))
        for (std::uint64_t tests = 1 + dice.below(2); tests > 0; --tests) rule.args.push_back(random_test(dice));
      policy.rules.push_back(std::move(rule));
    }
  }
  return policy;
}

// ---- mutants ---------------------------------------------------------------------------------------------------------------

bool asks(const BpfInsn& insn) { return BPF_CLASS(insn.code) == BPF_JMP && insn.code != (BPF_JMP | BPF_JA); }
bool loads(const BpfInsn& insn) { return insn.code == (BPF_LD | BPF_W | BPF_ABS); }
bool answers(const BpfInsn& insn) { return insn.code == (BPF_RET | BPF_K); }

constexpr const char* kKinds[] = {"flipped jump",       "displaced jump", "constant off by one", "constant with a wrong bit", "another's constant",
                                  "another comparison", "wrong answer",   "wrong word",          "dropped instruction",       "dropped architecture check"};

/// Breaks one instruction in this way; false where it cannot be.
bool mutate(BpfProgram& program, std::size_t kind, Dice& dice) {
  const std::size_t at = static_cast<std::size_t>(dice.below(program.size()));
  BpfInsn& insn = program[at];
  const BpfInsn before = insn;
  const auto displaced = [&](std::uint8_t& jump) { jump = static_cast<std::uint8_t>(jump + (dice.once_in(2) ? 1 : -1)); };
  switch (kind) {
    case 0:
      if (asks(insn)) std::swap(insn.jt, insn.jf);
      break;
    case 1:
      if (asks(insn)) displaced(dice.once_in(2) ? insn.jt : insn.jf);
      else if (BPF_CLASS(insn.code) == BPF_JMP) ++insn.k;
      break;
    case 2:
      if (asks(insn)) insn.k += dice.once_in(2) ? 1u : ~0u;
      break;
    case 3:
      if (!loads(insn)) insn.k ^= 1u << dice.below(32);
      break;
    case 4:
      if (const BpfInsn& other = dice.one_of(program); other.code == insn.code) insn.k = other.k;
      break;
    case 5: {
      constexpr int kAsks[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
      if (asks(insn)) insn.code = static_cast<std::uint16_t>(BPF_JMP | kAsks[dice.below(4)] | BPF_K);
      break;
    }
    case 6: {
      constexpr std::uint32_t kAnswers[] = {SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_ERRNO | 1u, SECCOMP_RET_ERRNO | 38u, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_PROCESS};
      if (answers(insn)) insn.k = kAnswers[dice.below(std::size(kAnswers))];
      break;
    }
    case 7:
      if (loads(insn)) insn.k = static_cast<std::uint32_t>(4 * dice.below(sizeof(seccomp_data) / 4));
      break;
    case 8: insn = {BPF_JMP | BPF_JA, 0, 0, 0}; break;
    default:
      if (asks(insn) && (insn.k == AUDIT_ARCH_X86_64 || insn.k == AUDIT_ARCH_I386 || insn.k == AUDIT_ARCH_AARCH64 || insn.k == 0x4000'0000))
        insn.jt = insn.jf = dice.once_in(2) ? insn.jt : insn.jf;
  }
  return insn != before;
}

/// Looks for a call that two programs answer differently, more widely than the proof does: any of their constants anywhere.
bool differ_somewhere(const BpfProgram& a, const BpfProgram& b, const ResolvedPolicy& policy, Dice& dice) {
  std::vector<std::uint32_t> words{0, 1, ~0u};
  for (const BpfProgram* program : {&a, &b})
    for (const BpfInsn& insn : *program)
      if (!loads(insn) && !answers(insn)) words.insert(words.end(), {insn.k, insn.k + 1, insn.k - 1});
  for (int i = 0; i < 2000; ++i) {
    seccomp_data call{};
    const auto word = [&] { return dice.once_in(8) ? static_cast<std::uint32_t>(dice.below(kAllBits)) : dice.one_of(words); };
    const ArchPolicy& arch = dice.one_of(policy.archs);
    call.arch = dice.once_in(8) ? word() : arch.token;
    call.nr = static_cast<int>(dice.once_in(4) || arch.rules.empty() ? word() : dice.one_of(arch.rules).number);
    for (auto& argument : call.args) argument = word() | ((call.arch & __AUDIT_ARCH_64BIT) != 0 ? std::uint64_t{dice.once_in(2) ? 0 : word()} << 32 : 0);
    if (evaluate(a, call) != evaluate(b, call)) return true;
  }
  return false;
}

struct Tally {
  std::size_t made = 0, malformed = 0, tried = 0, only_diagram = 0, equivalent = 0;
  std::size_t caught() const { return malformed + tried + only_diagram; }
};

struct Subject {
  SyscallPolicy policy;
  ResolvedPolicy resolved;
  BpfProgram program;
};

/// What became of one mutant; false where the two halves of the proof contradict each other.
bool judge(const Subject& subject, const BpfProgram& mutant, Dice& dice, Tally& tally) {
  ++tally.made;
  if (check_program(mutant)) {
    ++tally.malformed;
    return true;
  }
  const bool tried = disprove_by_trial(subject.resolved, mutant).has_value();
  const Everywhere all = compare_everywhere(subject.resolved, mutant);
  if (all.verdict == Everywhere::Verdict::Different) {
    ++(tried ? tally.tried : tally.only_diagram);
    return decide(subject.resolved, all.call) != evaluate(mutant, all.call);
  }
  ++tally.equivalent;
  return !tried && all.verdict == Everywhere::Verdict::Equal && !differ_somewhere(subject.program, mutant, subject.resolved, dice);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t filters = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 40;
  const std::uint64_t seed = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  Dice dice(seed);
  Tally by_kind[std::size(kKinds)], all;
  std::size_t refused = 0;
  bool sound = true;
  for (std::size_t filter = 0; filter < filters; ++filter) {
    Subject subject{dice.once_in(2) ? preset_policy(dice) : rule_policy(dice), {}, {}};
    if (!subject.policy.compat)
      subject.policy.shape = dice.once_in(2) && subject.policy.fallback.kind == ActionKind::Allow && subject.policy.rules.size() > 10 && subject.policy.rules[0].origin != "rule"
                                 ? (dice.once_in(2) ? FilterShape::BinaryTree : FilterShape::Priority)
                                 : FilterShape::Ranges;
    subject.resolved = resolve_numbers(subject.policy);
    subject.program = compile_filter(subject.policy);
    if (const auto difference = disprove_filter(subject.resolved, subject.program)) {
      std::printf("filter %zu of seed %llu is disproved itself: %s\n", filter, static_cast<unsigned long long>(seed), difference->c_str());
      ++refused;
      continue;
    }
    for (std::size_t kind = 0; kind < std::size(kKinds); ++kind)
      for (int tries = 0, made = 0; tries < 400 && made < 20; ++tries) {
        BpfProgram mutant = subject.program;
        if (!mutate(mutant, kind, dice)) continue;
        ++made;
        if (judge(subject, mutant, dice, by_kind[kind])) continue;
        sound = false;
        std::printf("filter %zu of seed %llu, %s: the two halves of the proof contradict each other\n", filter, static_cast<unsigned long long>(seed), kKinds[kind]);
      }
  }
  std::printf("%-28s %8s %8s %10s %14s %12s\n", "broken by", "mutants", "caught", "malformed", "diagrams only", "equivalent");
  const auto row = [](const char* name, const Tally& tally) {
    std::printf("%-28s %8zu %8zu %10zu %14zu %12zu\n", name, tally.made, tally.caught(), tally.malformed, tally.only_diagram, tally.equivalent);
  };
  for (std::size_t kind = 0; kind < std::size(kKinds); ++kind) {
    const Tally& tally = by_kind[kind];
    row(kKinds[kind], tally);
    all.made += tally.made, all.malformed += tally.malformed, all.tried += tally.tried, all.only_diagram += tally.only_diagram, all.equivalent += tally.equivalent;
  }
  row("all", all);
  std::printf("%zu filters, seed %llu: of the mutants that answer any call differently, all %zu are caught; trying alone catches %zu\n", filters,
              static_cast<unsigned long long>(seed), all.caught(), all.caught() - all.only_diagram);
  // Far fewer caught than ever means that the mutants have become harmless, not the proof good.
  return sound && refused == 0 && all.caught() * 100 > all.made * 75 ? 0 : 1;
}
