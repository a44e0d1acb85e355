// The proof of a filter on every call that there can be, not only on those that were tried.
#pragma once

#include <linux/seccomp.h>

#include "compiler/bpf.h"
#include "compiler/policy.h"

namespace immure {

struct Everywhere {
  enum class Verdict { Equal, Different, TooEntangled };
  Verdict verdict = Verdict::Equal;
  seccomp_data call{};  // where different: one such call
};

/// Whether a program that passed check_program answers as the policy does, whatever the architecture, the number, the arguments and the instruction pointer.
[[nodiscard]] Everywhere compare_everywhere(const ResolvedPolicy& policy, const BpfProgram& program);

}  // namespace immure
