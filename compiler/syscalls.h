// Names and numbers of system calls and architectures. libseccomp keeps them, so this is implemented in seccomp.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/policy.h"

namespace immure {

inline constexpr Arch kAllArchs[] = {Arch::X86_64, Arch::X86, Arch::Aarch64, Arch::Arm};

/// AUDIT_ARCH_*.
std::uint32_t token_of(Arch arch);
/// "x86_64", "i386", "aarch64", "arm".
const char* name_of(Arch arch);

/// The call's number on an architecture, negative where it has none.
int syscall_number(Arch arch, const std::string& name);

/// The name of a call of the architecture with this token; empty when it has none.
std::string syscall_name(std::uint32_t token, std::uint32_t number);

/// Whether any architecture has a call of this name.
bool is_syscall(const std::string& name);

/// Every name that some architecture has.
std::vector<std::string> syscall_names();

/// "2.5.4".
std::string filter_library_version();

}  // namespace immure
