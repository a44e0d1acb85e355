// The proof itself: it must refuse what the kernel would refuse, and see it when a filter is broken.
#include "compiler/bpf_check.h"

#include <linux/audit.h>
#include <linux/filter.h>

#include <algorithm>

#include "compiler/bpf_diagram.h"
#include "compiler/bpf_ranges.h"
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

}  // namespace

TEST_CASE("check_program: what the kernel would refuse is refused") {
  CHECK_FALSE(check_program({kReturn}).has_value());
  CHECK_FALSE(check_program({load_at(60), kReturn}).has_value());
  CHECK_FALSE(check_program({jump_equal(0, 1, 0), kReturn, kReturn}).has_value());
  CHECK_FALSE(check_program({{BPF_JMP | BPF_JA, 0, 0, 1}, kReturn, kReturn}).has_value());

  CHECK(check_program({}).has_value());
  CHECK(check_program(BpfProgram(4097, kReturn)).has_value());
  CHECK_FALSE(check_program(BpfProgram(4096, kReturn)).has_value());
  CHECK(check_program({load_at(0)}).has_value());            // falls off the end
  CHECK(check_program({load_at(64), kReturn}).has_value());  // behind seccomp_data
  CHECK(check_program({load_at(2), kReturn}).has_value());   // not aligned
  CHECK(check_program({load_at(0xffff'fffc), kReturn}).has_value());
  CHECK(check_program({jump_equal(0, 1, 0), kReturn}).has_value());  // beyond the end
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
  policy.archs[0].rules = {{1, {ActionKind::Errno, 1}, {}}, {1, {ActionKind::Errno, 2}, {}}, {2, {ActionKind::Allow, 0}, {}}, {2, {ActionKind::Trap, 0}, {{0, kAllBits, 3, 3}}}};
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

// Many more broken filters, at random: tests/seccomp/mutation.cc.
TEST_CASE("proof: what nobody would try is seen too, and named") {
  const SyscallPolicy policy = strict_policy(FilterShape::Ranges, true);
  const ResolvedPolicy resolved = resolve_numbers(policy);
  const BpfProgram program = compile_filter(policy);
  REQUIRE_FALSE(disprove_filter(resolved, program).has_value());
  // In front of the right program: one call of many answers otherwise.
  const auto with_front = [&](std::initializer_list<BpfInsn> front) {
    BpfProgram out(front);
    out.insert(out.end(), program.begin(), program.end());
    REQUIRE_FALSE(check_program(out).has_value());
    REQUIRE_FALSE(disprove_by_trial(resolved, out).has_value());
    return out;
  };
  const BpfInsn deny{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 1};
  const Everywhere number = compare_everywhere(resolved, with_front({load_at(0), jump_equal(5000, 0, 1), deny}));
  CHECK(number.verdict == Everywhere::Verdict::Different);
  CHECK(number.call.nr == 5000);
  const Everywhere argument = compare_everywhere(resolved, with_front({load_at(44), jump_equal(0x1234'5678, 0, 3), load_at(0), jump_equal(1, 0, 1), deny}));
  CHECK(argument.verdict == Everywhere::Verdict::Different);
  CHECK(argument.call.nr == 1);
  CHECK(argument.call.args[3] >> 32 == 0x1234'5678);
  CHECK(disprove_filter(resolved, with_front({load_at(8), jump_equal(0x777, 0, 1), deny})).value_or("").find("the policy says") != std::string::npos);
  // i386 has no upper halves: what a program says of them is no difference.
  CHECK_FALSE(disprove_filter(resolved, with_front({load_at(4), jump_equal(AUDIT_ARCH_I386, 0, 3), load_at(44), jump_equal(0, 1, 0), deny})).has_value());
}

TEST_CASE("proof: every comparison is compared exactly, at its edges and under masks") {
  for (const std::uint32_t constant : {0u, 1u, 0x5412u, 0x7fff'ffffu, 0x8000'0000u, ~0u})
    for (const std::uint64_t mask : {kAllBits, kLow32, std::uint64_t{0xff00}, std::uint64_t{0x8000'0001}}) {
      SyscallPolicy policy;
      policy.archs = {Arch::X86_64};
      policy.rules = {{"read", {ActionKind::Errno, 1}, {{2, mask, constant & mask, mask}}, "at least", {}}};
      const BpfProgram program = range_program(resolve_numbers(policy));
      CHECK(compare_everywhere(resolve_numbers(policy), program).verdict == Everywhere::Verdict::Equal);
      if (mask != kAllBits && mask != kLow32) continue;
      policy.rules[0].args[0].lo = constant + std::uint64_t{1};  // another answer for one value alone
      const Everywhere off = compare_everywhere(resolve_numbers(policy), program);
      CHECK(off.verdict == Everywhere::Verdict::Different);
      CHECK((off.call.args[2] & mask) == constant);
    }
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
  for (const char* expected : {"if arch == x86_64", "if arch == i386", "165 (mount)", "21 (mount)", "return EPERM", "return ENOSYS", "return EAFNOSUPPORT", "return allow",
                               "return kill-process", "load args[0].lo"})
    CHECK(text.find(expected) != std::string::npos);
}

TEST_CASE("disassembly: any bytes are shown, none are followed out of the program") {
  const BpfProgram junk{{0xffff, 255, 255, 0xffff'ffff}, jump_equal(1, 255, 255), {BPF_JMP | BPF_JA, 0, 0, 0xffff'ffff}, load_at(0xffff'fffc)};
  const std::string text = disassemble(junk, syscall_name);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
}
