// The proof of a filter: what the kernel would check, what the program answers, and whether that is what the policy says.
#pragma once

#include <linux/seccomp.h>

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/bpf.h"
#include "compiler/policy.h"

namespace immure {

/// The kernel's own checks. Nothing when it would take the program and `evaluate` can run it, else what is wrong.
[[nodiscard]] std::optional<std::string> check_program(const BpfProgram& program);

/// What a checked program answers: a SECCOMP_RET_* word.
[[nodiscard]] std::uint32_t evaluate(const BpfProgram& program, const seccomp_data& call);

/// The rule that answers a call; nothing where none matches, or where its architecture is another's.
[[nodiscard]] const ResolvedRule* deciding_rule(const ResolvedPolicy& policy, const seccomp_data& call);

/// What the policy answers, read straight from it.
[[nodiscard]] std::uint32_t decide(const ResolvedPolicy& policy, const seccomp_data& call);

/// Nothing when a program that passed check_program answers as the policy does on every call tried; else the first call where they differ, in words.
[[nodiscard]] std::optional<std::string> disprove_by_trial(const ResolvedPolicy& policy, const BpfProgram& program);

/// The proof: nothing when the kernel would take the program and it answers as the policy does on every call, tried or not; else why not.
[[nodiscard]] std::optional<std::string> disprove_filter(const ResolvedPolicy& policy, const BpfProgram& program);

}  // namespace immure
