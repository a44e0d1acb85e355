// Why the filter is run before anybody relies on it.
//
// libseccomp is a compiler, its optimiser is younger than the rest of it, and a filter that lets one call too many through looks exactly like a good
// one. So the program is decoded, checked as the kernel checks it, and compared with the policy on calls chosen to show every kind of mistake: each number
// 0 to 1023 of each architecture with plain arguments, the x32 range, numbers around the ends of the integer, architectures that the policy
// does not know; and for each call whose arguments matter, each argument at each constant of the policy, one beside it, with the upper half set, and
// with each bit flipped, the others as the rules want them and otherwise. What trying cannot show, bpf_diagram.cc does, by other means altogether.
//
// The interpreter knows the instructions that libseccomp emits and no more: a program with another one is refused, which is the safe answer.
#include "compiler/bpf_check.h"

#include <linux/audit.h>
#include <linux/filter.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>
#include <span>

#include "compiler/bpf_diagram.h"

namespace immure {
namespace {

constexpr std::uint32_t kX32Bit = 0x4000'0000;

constexpr bool is_jump_if(std::uint16_t code) {
  return code == (BPF_JMP | BPF_JEQ | BPF_K) || code == (BPF_JMP | BPF_JGT | BPF_K) || code == (BPF_JMP | BPF_JGE | BPF_K) || code == (BPF_JMP | BPF_JSET | BPF_K);
}

/// What is wrong with the instruction at `at`, or nullptr.
const char* problem_of(const BpfProgram& program, std::size_t at) {
  const BpfInsn& insn = program[at];
  const std::size_t after = program.size() - at - 1;  // how many instructions follow
  if (insn.code == (BPF_LD | BPF_W | BPF_ABS)) return insn.k % 4 == 0 && insn.k < sizeof(seccomp_data) ? nullptr : "a load outside of seccomp_data";
  if (insn.code == (BPF_ALU | BPF_AND | BPF_K) || insn.code == (BPF_RET | BPF_K)) return nullptr;
  if (insn.code == (BPF_JMP | BPF_JA)) return insn.k < after ? nullptr : "a jump beyond the end";
  if (is_jump_if(insn.code)) return insn.jt < after && insn.jf < after ? nullptr : "a jump beyond the end";
  return "an instruction that filters do not use";
}

std::uint32_t load(const seccomp_data& call, std::uint32_t offset) {
  std::uint32_t word;
  std::memcpy(&word, reinterpret_cast<const char*>(&call) + offset, sizeof word);
  return word;
}

std::string shown(const seccomp_data& call, std::uint32_t wanted, std::uint32_t answered) {
  char text[320];
  std::snprintf(text, sizeof text, "call %#x of architecture %#x with %#llx %#llx %#llx %#llx %#llx %#llx: the policy says %#x, the filter %#x", static_cast<unsigned>(call.nr),
                call.arch, call.args[0], call.args[1], call.args[2], call.args[3], call.args[4], call.args[5], wanted, answered);
  return text;
}

struct ByNumber {
  bool operator()(const ResolvedRule& rule, std::uint32_t number) const { return rule.number < number; }
  bool operator()(std::uint32_t number, const ResolvedRule& rule) const { return number < rule.number; }
};

/// The rules of one call.
std::span<const ResolvedRule> rules_of(const ArchPolicy& arch, std::uint32_t number) {
  const auto [first, last] = std::equal_range(arch.rules.begin(), arch.rules.end(), number, ByNumber{});
  return {first, last};
}

/// Nothing for a foreign architecture. x32 is one, under the same token; -1 is not: a tracer leaves it to skip a call.
const ArchPolicy* architecture_of(const ResolvedPolicy& policy, const seccomp_data& call) {
  const std::uint32_t number = static_cast<std::uint32_t>(call.nr);
  for (const ArchPolicy& arch : policy.archs)
    if (arch.token == call.arch) return arch.arch == Arch::X86_64 && number >= kX32Bit && number != ~0u ? nullptr : &arch;
  return nullptr;
}

class Comparison {
 public:
  Comparison(const ResolvedPolicy& policy, const BpfProgram& program) : policy_(policy), program_(program) {}

  std::optional<std::string> run() {
    for (const ArchPolicy& arch : policy_.archs) {
      plain_numbers(arch.token);
      for (auto rule = arch.rules.begin(); rule != arch.rules.end();) {
        const std::span<const ResolvedRule> rules = rules_of(arch, rule->number);
        arguments(arch, rules);
        rule += static_cast<std::ptrdiff_t>(rules.size());
      }
    }
    foreign_architectures();
    return difference_;
  }

 private:
  using Values = std::set<std::uint64_t>;

  void compare(seccomp_data call) {
    if (difference_) return;
    if ((call.arch & __AUDIT_ARCH_64BIT) == 0)
      for (auto& argument : call.args) argument &= kLow32;  // its registers have no more
    const std::uint32_t wanted = decide(policy_, call), answered = evaluate(program_, call);
    if (wanted != answered) difference_ = shown(call, wanted, answered);
  }
  static seccomp_data call(std::uint32_t token, std::uint32_t number, std::uint64_t argument) {
    seccomp_data out{};
    out.nr = static_cast<int>(number);
    out.arch = token;
    out.instruction_pointer = 0x1234'5678'9abc;
    std::fill(std::begin(out.args), std::end(out.args), argument);
    return out;
  }
  void compare_plain(std::uint32_t token, std::uint32_t number) {
    for (const std::uint64_t argument : {std::uint64_t{0}, std::uint64_t{1}, kAllBits}) compare(call(token, number, argument));
  }

  void plain_numbers(std::uint32_t token) {
    for (std::uint32_t number = 0; number < 1024; ++number) compare_plain(token, number);
    for (std::uint32_t number = 0; number < 1024; ++number) compare(call(token, kX32Bit | number, 0));
    for (int bit = 10; bit < 32; ++bit)
      for (const std::uint32_t off : {0u, 1u, ~0u}) compare_plain(token, (1u << bit) + off);
    for (const std::uint32_t number : {~0u, ~1u, 0x7fff'fffeu, 0xffff'fc00u}) compare_plain(token, number);
  }

  void foreign_architectures() {
    // clang-format off
    const std::uint32_t tokens[] = {0, 1, ~0u, AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM, AUDIT_ARCH_ARMEB,
                                    AUDIT_ARCH_PPC64LE, AUDIT_ARCH_PPC, AUDIT_ARCH_S390X, AUDIT_ARCH_S390, AUDIT_ARCH_RISCV64, AUDIT_ARCH_MIPSEL64,
                                    EM_X86_64, AUDIT_ARCH_X86_64 ^ 1, AUDIT_ARCH_I386 ^ 1};
    // clang-format on
    for (const std::uint32_t token : tokens)
      for (const std::uint32_t number : {0u, 1u, 41u, 56u, 272u, 1023u, kX32Bit, kX32Bit | 41u, ~0u}) compare_plain(token, number);
  }

  static void put_around(Values& values, const ArgTest& test, std::uint64_t constant) {
    for (const std::uint64_t value : {constant, constant - 1, constant + 1})
      for (const std::uint64_t above : {std::uint64_t{0}, std::uint64_t{1} << 32, ~kLow32}) values.insert(value | above);
    for (int bit = 0; bit < 64; ++bit) values.insert(constant ^ (std::uint64_t{1} << bit));
    values.insert(constant | ~test.mask);
  }
  /// Arguments under which all tests of the rule hold.
  static seccomp_data satisfying(std::uint32_t token, std::uint32_t number, const ResolvedRule& rule) {
    seccomp_data out = call(token, number, 0);
    for (const ArgTest& test : rule.args) out.args[test.index] = test.negated ? (test.lo != 0 ? test.lo - 1 : test.hi + 1) : test.lo;
    return out;
  }
  /// Every argument that a rule looks at takes every value around its constants; every other one the constants themselves, in case the
  /// program looks at the wrong one.
  void arguments(const ArchPolicy& arch, std::span<const ResolvedRule> rules) {
    const std::uint32_t number = rules.front().number;
    compare_plain(arch.token, number);
    Values constants, around{0, 1, kAllBits, kLow32, ~kLow32};
    std::set<std::size_t> tested;
    std::vector<seccomp_data> bases{call(arch.token, number, 0), call(arch.token, number, kAllBits)};
    for (const ResolvedRule& rule : rules) {
      for (const ArgTest& test : rule.args) {
        tested.insert(test.index);
        for (const std::uint64_t constant : {test.lo, test.hi}) {
          constants.insert(constant);
          put_around(around, test, constant);
        }
      }
      if (rule.args.size() > 1 || bases.size() == 2) bases.push_back(satisfying(arch.token, number, rule));
    }
    for (const seccomp_data& base : bases)
      for (std::size_t index = 0; index < std::size(base.args); ++index) vary(base, index, tested.contains(index) ? around : constants);
  }
  void vary(seccomp_data varied, std::size_t index, const Values& values) {
    for (const std::uint64_t value : values) {
      varied.args[index] = value;
      compare(varied);
    }
  }

  const ResolvedPolicy& policy_;
  const BpfProgram& program_;
  std::optional<std::string> difference_;
};

}  // namespace

std::optional<std::string> check_program(const BpfProgram& program) {
  if (program.empty()) return "the program is empty";
  if (program.size() > BPF_MAXINSNS) return "the program is longer than 4096 instructions";
  for (std::size_t i = 0; i < program.size(); ++i) {
    const char* problem = problem_of(program, i);
    if (problem != nullptr) return "instruction " + std::to_string(i) + ": " + problem;
  }
  if (program.back().code != (BPF_RET | BPF_K)) return "the program does not end in a return";
  return std::nullopt;
}

std::uint32_t evaluate(const BpfProgram& program, const seccomp_data& call) {
  std::uint32_t a = 0;
  for (std::size_t pc = 0;; ++pc) {  // check_program: every jump is forward and the last instruction returns
    const BpfInsn& insn = program[pc];
    switch (insn.code) {
      case BPF_LD | BPF_W | BPF_ABS: a = load(call, insn.k); break;
      case BPF_ALU | BPF_AND | BPF_K: a &= insn.k; break;
      case BPF_JMP | BPF_JA: pc += insn.k; break;
      case BPF_JMP | BPF_JEQ | BPF_K: pc += a == insn.k ? insn.jt : insn.jf; break;
      case BPF_JMP | BPF_JGT | BPF_K: pc += a > insn.k ? insn.jt : insn.jf; break;
      case BPF_JMP | BPF_JGE | BPF_K: pc += a >= insn.k ? insn.jt : insn.jf; break;
      case BPF_JMP | BPF_JSET | BPF_K: pc += (a & insn.k) != 0 ? insn.jt : insn.jf; break;
      default: return insn.k;
    }
  }
}

const ResolvedRule* deciding_rule(const ResolvedPolicy& policy, const seccomp_data& call) {
  const ArchPolicy* arch = architecture_of(policy, call);
  if (arch == nullptr) return nullptr;
  const ResolvedRule* strictest = nullptr;
  for (const ResolvedRule& rule : rules_of(*arch, static_cast<std::uint32_t>(call.nr))) {
    const bool holds = std::all_of(rule.args.begin(), rule.args.end(), [&](const ArgTest& test) { return test.holds(call.args[test.index]); });
    if (holds && (strictest == nullptr || rule.action.kind > strictest->action.kind)) strictest = &rule;
  }
  return strictest;
}

std::uint32_t decide(const ResolvedPolicy& policy, const seccomp_data& call) {
  if (architecture_of(policy, call) == nullptr) return return_word(policy.foreign);
  const ResolvedRule* rule = deciding_rule(policy, call);
  return return_word(rule != nullptr ? rule->action : policy.fallback);
}

std::optional<std::string> disprove_by_trial(const ResolvedPolicy& policy, const BpfProgram& program) { return Comparison(policy, program).run(); }

std::optional<std::string> disprove_filter(const ResolvedPolicy& policy, const BpfProgram& program) {
  if (std::optional<std::string> problem = check_program(program)) return problem;
  if (std::optional<std::string> difference = disprove_by_trial(policy, program)) return difference;
  const Everywhere all = compare_everywhere(policy, program);
  switch (all.verdict) {
    case Everywhere::Verdict::Equal: return std::nullopt;
    case Everywhere::Verdict::Different: return shown(all.call, decide(policy, all.call), evaluate(program, all.call));
    case Everywhere::Verdict::TooEntangled: return "the conditions are too entangled to be proved";
  }
  return std::nullopt;
}

}  // namespace immure
