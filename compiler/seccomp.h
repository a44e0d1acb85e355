// Policy -> BPF, through libseccomp or our own generator.
#pragma once

#include "compiler/bpf.h"
#include "compiler/policy.h"

namespace immure {

/// The program for all architectures of the policy. Not proved yet (bpf_check.h).
BpfProgram compile_filter(const SyscallPolicy& policy);

/// The same policy in numbers, for the proof.
ResolvedPolicy resolve_numbers(const SyscallPolicy& policy);

}  // namespace immure
