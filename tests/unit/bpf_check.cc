// The proof itself: it must refuse what the kernel would refuse, and see it when a filter is broken.
#include "compiler/bpf_check.h"

#include <linux/audit.h>
#include <linux/filter.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "compiler/bpf_text.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"
#include "compiler/syscalls.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

constexpr BpfInsn kReturn{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
BpfInsn load_at(std::uint32_t offset) { return {BPF_LD | BPF_W | BPF_ABS, 0, 0, offset}; }
BpfInsn jump_equal(std::uint32_t k, std::uint8_t jt, std::uint8_t jf) { return {BPF_JMP | BPF_JEQ | BPF_K, jt, jf, k}; }

SyscallPolicy strict_policy(FilterShape shape, bool multiarch) {
  Profile profile;
  profile.seccomp.enabled.value = true;
  profile.seccomp.multiarch.value = multiarch;
  SyscallPolicy policy = *program_policy(profile);
  policy.shape = shape;
  return policy;
}

/// Whether two programs answer alike, sought more densely than the proof does.
bool equivalent(const BpfProgram& a, const BpfProgram& b) {
  std::set<std::uint32_t> words{0, 1, 2, ~0u, ~1u, 0x7fff'ffff, 0x8000'0000, 0x3fff'ffff, 0x4000'0000, 0x4000'0001};
  for (const BpfProgram* program : {&a, &b})
    for (const BpfInsn& insn : *program)
      if ((insn.code & 7) == BPF_JMP || insn.code == (BPF_ALU | BPF_AND | BPF_K))
        for (const std::uint32_t word : {insn.k, insn.k - 1, insn.k + 1}) words.insert(word);
  std::set<std::uint32_t> numbers = words;
  for (std::uint32_t number = 0; number < 1024; ++number) numbers.insert(number);
  for (const std::uint32_t arch : std::initializer_list<std::uint32_t>{AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, 0, AUDIT_ARCH_X86_64 ^ 1}) {
    for (const std::uint32_t number : numbers) {
      seccomp_data call{};
      call.arch = arch;
      call.nr = static_cast<int>(number);
      if (evaluate(a, call) != evaluate(b, call)) return false;
      for (const std::uint32_t word : words) {
        for (const std::uint64_t value : {std::uint64_t{word}, std::uint64_t{word} << 32}) {
          for (auto& arg : call.args) arg = value;
          if (evaluate(a, call) != evaluate(b, call)) return false;
        }
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("check_program: what the kernel would refuse is refused") {
  CHECK_FALSE(check_program({kReturn}).has_value());
  CHECK_FALSE(check_program({load_at(60), kReturn}).has_value());
  CHECK_FALSE(check_program({jump_equal(0, 1, 0), kReturn, kReturn}).has_value());
  CHECK_FALSE(check_program({{BPF_JMP | BPF_JA, 0, 0, 1}, kReturn, kReturn}).has_value());

  CHECK(check_program({}).has_value());
  CHECK(check_program(BpfProgram(4097, kReturn)).has_value());
  CHECK_FALSE(check_program(BpfProgram(4096, kReturn)).has_value());
  CHECK(check_program({load_at(0)}).has_value());                            // falls off the end
  CHECK(check_program({load_at(64), kReturn}).has_value());                  // behind seccomp_data
  CHECK(check_program({load_at(2), kReturn}).has_value());                   // not aligned
  CHECK(check_program({load_at(0xffff'fffc), kReturn}).has_value());
  CHECK(check_program({jump_equal(0, 1, 0), kReturn}).has_value());          // beyond the end
  CHECK(check_program({jump_equal(0, 0, 1), kReturn}).has_value());
  CHECK(check_program({{BPF_JMP | BPF_JA, 0, 0, 1}, kReturn}).has_value());
  CHECK(check_program({{BPF_JMP | BPF_JA, 0, 0, 0xffff'ffff}, kReturn}).has_value());
  CHECK(check_program({{BPF_LD | BPF_B | BPF_ABS, 0, 0, 0}, kReturn}).has_value());
  CHECK(check_program({{0xffff, 0, 0, 0}, kReturn}).has_value());
}

TEST_CASE("evaluate: each instruction does what the kernel's does") {
  seccomp_data call{};
  call.nr = 5;
  call.arch = 0xc000003e;
  call.args[1] = 0x1122'3344'5566'7788;
  const auto answers = [&](BpfInsn test, std::uint32_t offset) {
    const BpfProgram program{load_at(offset), test, {BPF_RET | BPF_K, 0, 0, 1}, {BPF_RET | BPF_K, 0, 0, 2}};
    REQUIRE_FALSE(check_program(program).has_value());
    return evaluate(program, call) == 2;
  };
  CHECK(answers({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 5}, 0));
  CHECK(answers({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0xc000003e}, 4));
  CHECK(answers({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0x5566'7788}, 24));
  CHECK(answers({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0x1122'3344}, 28));
  CHECK(answers({BPF_JMP | BPF_JGT | BPF_K, 1, 0, 4}, 0));
  CHECK_FALSE(answers({BPF_JMP | BPF_JGT | BPF_K, 1, 0, 5}, 0));
  CHECK(answers({BPF_JMP | BPF_JGE | BPF_K, 1, 0, 5}, 0));
  CHECK_FALSE(answers({BPF_JMP | BPF_JGE | BPF_K, 1, 0, 6}, 0));
  CHECK(answers({BPF_JMP | BPF_JSET | BPF_K, 1, 0, 6}, 0));
  CHECK_FALSE(answers({BPF_JMP | BPF_JSET | BPF_K, 1, 0, 2}, 0));
  CHECK(answers({BPF_JMP | BPF_JA, 0, 0, 1}, 0));
  const BpfProgram masked{load_at(24), {BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xff}, jump_equal(0x88, 1, 0), kReturn, {BPF_RET | BPF_K, 0, 0, 2}};
  CHECK(evaluate(masked, call) == 2);
}

TEST_CASE("decide: the strictest rule that matches holds, the fallback where none does") {
  ResolvedPolicy policy{{{Arch::X86_64, AUDIT_ARCH_X86_64, {}}}, {ActionKind::Log, 0}};
  policy.archs[0].rules = {{1, {ActionKind::Errno, 1}, {}},
                           {1, {ActionKind::Errno, 2}, {}},
                           {2, {ActionKind::Allow, 0}, {}},
                           {2, {ActionKind::Trap, 0}, {{0, kAllBits, 3, 3}}}};
  seccomp_data call{};
  call.arch = AUDIT_ARCH_X86_64;
  CHECK(decide(policy, call) == SECCOMP_RET_LOG);
  call.nr = 1;
  CHECK(decide(policy, call) == (SECCOMP_RET_ERRNO | 1));
  call.nr = 2;
  CHECK(decide(policy, call) == SECCOMP_RET_ALLOW);
  call.args[0] = 3;
  CHECK(decide(policy, call) == SECCOMP_RET_TRAP);
  call.arch = AUDIT_ARCH_I386;
  CHECK(decide(policy, call) == SECCOMP_RET_KILL_PROCESS);
}

// Every field of every instruction of real filters, changed one at a time. A mutant that is not caught must be equivalent: it may answer otherwise on no call
// at all. That is shown for each by a denser search than the proof's: every number below 1024 and around every constant of the program, with arguments of every
// constant in either half. What remains are comparisons whose outcome an earlier one has settled (`>= n` behind `> n - 1`, a bit of a number that was excluded).
TEST_CASE("proof: mutants are caught, and the survivors are equivalent", "[.slow]") {
  std::size_t all_mutants = 0, all_caught = 0;
  for (const FilterShape shape : {FilterShape::Ranges, FilterShape::BinaryTree, FilterShape::Priority}) {
    const SyscallPolicy policy = strict_policy(shape, shape == FilterShape::Ranges);
    const ResolvedPolicy resolved = resolve_numbers(policy);
    const BpfProgram program = compile_filter(policy);
    REQUIRE_FALSE(disprove_filter(resolved, program).has_value());
    std::size_t mutants = 0, caught = 0;
    const auto try_mutant = [&](std::size_t at, BpfInsn insn) {
      BpfProgram mutant = program;
      if (mutant[at] == insn) return;
      mutant[at] = insn;
      ++mutants;
      if (disprove_filter(resolved, mutant).has_value()) {
        ++caught;
        return;
      }
      CAPTURE(at);
      CHECK(equivalent(program, mutant));
    };
    for (std::size_t at = 0; at < program.size(); ++at) {
      for (const std::uint32_t bit : {1u, 2u, 0x10000u, 0x4000'0000u, 0x8000'0000u}) {
        BpfInsn insn = program[at];
        insn.k ^= bit;
        try_mutant(at, insn);
      }
      BpfInsn insn = program[at];
      std::swap(insn.jt, insn.jf);
      try_mutant(at, insn);
      for (const int step : {-1, 1}) {
        insn = program[at];
        insn.k += static_cast<std::uint32_t>(step);
        try_mutant(at, insn);
        insn = program[at];
        insn.jt = static_cast<std::uint8_t>(insn.jt + step);
        try_mutant(at, insn);
        insn = program[at];
        insn.jf = static_cast<std::uint8_t>(insn.jf + step);
        try_mutant(at, insn);
      }
      for (const int code : {BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGE | BPF_K, BPF_JMP | BPF_JSET | BPF_K}) {
        insn = program[at];
        if ((insn.code & 7) != BPF_JMP || insn.code == (BPF_JMP | BPF_JA)) continue;
        insn.code = static_cast<std::uint16_t>(code);
        try_mutant(at, insn);
      }
    }
    INFO(caught << " of " << mutants);
    CHECK(caught * 100 >= mutants * 90);
    all_mutants += mutants;
    all_caught += caught;
  }
  std::printf("mutants of the filter: %zu of %zu caught, %zu equivalent\n", all_caught, all_mutants, all_mutants - all_caught);
}

TEST_CASE("proof: a dropped architecture check is caught") {
  const SyscallPolicy policy = strict_policy(FilterShape::BinaryTree, false);
  const BpfProgram program = compile_filter(policy);
  const auto check = std::find_if(program.begin(), program.end(), [](const BpfInsn& insn) { return insn.k == AUDIT_ARCH_X86_64; });
  REQUIRE(check != program.end());
  BpfProgram broken = program;
  broken[static_cast<std::size_t>(check - program.begin())].jf = check->jt;
  CHECK(disprove_filter(resolve_numbers(policy), broken).has_value());
}

TEST_CASE("disassembly: calls, architectures and errors have names, and arch switches are followed") {
  const std::string text = disassemble(compile_filter(strict_policy(FilterShape::BinaryTree, true)), syscall_name);
  for (const char* expected : {"if arch == x86_64", "if arch == i386", "165 (mount)", "21 (mount)", "return EPERM", "return ENOSYS", "return EAFNOSUPPORT",
                               "return allow", "return kill-process", "load args[0].lo"})
    CHECK(text.find(expected) != std::string::npos);
}

TEST_CASE("disassembly: any bytes are shown, none are followed out of the program") {
  const BpfProgram junk{{0xffff, 255, 255, 0xffff'ffff}, jump_equal(1, 255, 255), {BPF_JMP | BPF_JA, 0, 0, 0xffff'ffff}, load_at(0xffff'fffc)};
  const std::string text = disassemble(junk, syscall_name);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
}
