// Policy in numbers -> BPF, by our own generator.
#pragma once

#include "compiler/bpf.h"
#include "compiler/policy.h"

namespace immure {

/// A binary search over ranges of call numbers with the same answer, then the argument tests of the call. Not proved yet (bpf_check.h).
BpfProgram range_program(const ResolvedPolicy& policy);

}  // namespace immure
