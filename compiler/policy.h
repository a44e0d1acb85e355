// What a filter is to say, before anybody thinks of BPF.
//
// A SyscallPolicy speaks of names; it is what presets, and later rules and allow lists, add up to. A ResolvedPolicy is the same in the numbers of
// each architecture; the proof (bpf_check.cc) compares the finished program with it. Several rules may match one call: the strictest action holds,
// the earlier rule among equals, and the fallback where none matches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/source.h"

namespace immure {

enum class Arch { X86_64, X86, Aarch64, Arm };

/// In order of strictness.
enum class ActionKind { Allow, Log, Errno, Trap, KillThread, KillProcess };

struct Action {
  ActionKind kind = ActionKind::Allow;
  std::uint16_t error = 0;  // of Errno
  friend bool operator==(const Action&, const Action&) = default;
};

/// Its SECCOMP_RET_* word.
std::uint32_t return_word(const Action& action);

inline constexpr std::uint64_t kAllBits = ~std::uint64_t{0};
inline constexpr std::uint64_t kLow32 = 0xffff'ffff;

/// One condition on an argument: `lo <= (argument & mask) <= hi`, or the opposite. Every comparison of the language is one of these, which keeps
/// evaluation to one line. A mask of kLow32 is for arguments that the kernel takes as 32 bits: it ignores what stands above, so must we.
struct ArgTest {
  std::uint8_t index = 0;
  std::uint64_t mask = kAllBits;
  std::uint64_t lo = 0;
  std::uint64_t hi = 0;
  bool negated = false;
  bool holds(std::uint64_t argument) const { return ((argument & mask) >= lo && (argument & mask) <= hi) != negated; }
};

struct SyscallRule {
  std::string syscall;  // as libseccomp spells it
  Action action;
  std::vector<ArgTest> args;  // all of them must hold
  std::string origin;         // the preset, for `inspect` and `explain`
  Span span;                  // the line of the profile; unknown for a preset's
  bool exact = false;         // of a compat policy: not where libseccomp would have to alter it (several architectures, i386's socket calls)
};

/// Who makes the program and how it looks a call up. All but Ranges are libseccomp's.
enum class FilterShape { Ranges, BinaryTree, Priority };

struct SyscallPolicy {
  std::vector<Arch> archs;  // [0] is the launcher's own; calls of any other architecture kill the process
  Action fallback;
  std::vector<SyscallRule> rules;
  FilterShape shape = FilterShape::Ranges;
  bool compat = false;  // an older project's filter byte for byte, with what is odd about it: see seccomp.cc
};

struct ResolvedRule {
  std::uint32_t number = 0;
  Action action;
  std::vector<ArgTest> args;
  std::uint32_t from = 0;  // index into SyscallPolicy::rules
};
struct ArchPolicy {
  Arch arch = Arch::X86_64;
  std::uint32_t token = 0;          // AUDIT_ARCH_*
  std::vector<ResolvedRule> rules;  // by number; those of one call in the policy's order
};
struct ResolvedPolicy {
  std::vector<ArchPolicy> archs;
  Action fallback;
  Action foreign{ActionKind::KillProcess, 0};  // any other architecture, x32 too
};

}  // namespace immure
