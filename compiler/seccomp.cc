// The one place that knows libseccomp.
//
// One context per architecture, merged at the end, and only rules whose call exists there. What it cannot say itself is said to it in parts: a range becomes aligned blocks, each one masked comparison; a call
// that it does not know by name goes by number on the host's own architecture, and on others into a few instructions before its program.
//
// A compat policy is another matter: there the program must equal the older project's byte for byte, so libseccomp is asked exactly as that project
// asks it: one context for all architectures, calls that one of them has not, its default answer for foreign architectures, the socket families by "exact" rules that it
// refuses where it would have to alter them.
// 2.5.4 exports to a descriptor only, hence the memfd.
//
// Whether the outcome says what the policy says is not assumed: every program is proved (bpf_check.cc).
#include "compiler/seccomp.h"

#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <set>
#include <string_view>

#include "compiler/bpf_ranges.h"
#include "compiler/internal_error.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

using Tests = std::vector<scmp_arg_cmp>;

[[noreturn]] void fail(const std::string& what, int error) { throw InternalError("libseccomp: " + what + ": " + std::strerror(error)); }

// ---- names and numbers -----------------------------------------------------------------------------------------------

struct NewCall {
  std::string_view name;
  int number;
};
constexpr NewCall kNewCalls[] = {
#define NEW_SYSCALL(name, number) {name, number},
#include "compiler/new_syscalls.def"
};

/// Of a call that libseccomp may be too old to know; negative for all others.
int new_number(const std::string& name) {
  const auto* found = std::find_if(std::begin(kNewCalls), std::end(kNewCalls), [&](const NewCall& row) { return row.name == name; });
  return found == std::end(kNewCalls) ? -1 : found->number;
}

/// i386 has each socket call twice, and libseccomp answers with a pseudo number that stands for both; these are the direct ones.
int x86_direct_number(const std::string& name) {
  constexpr const char* kFrom359[] = {"socket",      "socketpair",  "bind",   "connect", "listen",   "accept4", "getsockopt", "setsockopt",
                                      "getsockname", "getpeername", "sendto", "sendmsg", "recvfrom", "recvmsg", "shutdown"};
  const auto* found = std::find(std::begin(kFrom359), std::end(kFrom359), name);
  return found == std::end(kFrom359) ? -1 : 359 + static_cast<int>(found - std::begin(kFrom359));
}

// ---- comparisons -----------------------------------------------------------------------------------------------------

struct Range {
  std::uint64_t lo, hi;
};

/// Aligned blocks of powers of two that make up the range exactly, as masked comparisons.
Tests blocks(unsigned index, std::uint64_t mask, Range range) {
  Tests out;
  std::uint64_t at = range.lo;
  while (true) {
    // The largest block that starts here and does not reach beyond the end.
    std::uint64_t ones = at == 0 ? kAllBits : (at & -at) - 1;
    while (ones > range.hi - at) ones >>= 1;
    out.push_back({index, SCMP_CMP_MASKED_EQ, mask & ~ones, at});
    if (ones >= range.hi - at) return out;
    at += ones + 1;
  }
}

/// What lies outside of a range and within the mask.
std::vector<Range> complement(Range range, std::uint64_t mask) {
  std::vector<Range> out;
  if (range.lo > 0) out.push_back({0, range.lo - 1});
  if (range.hi < mask) out.push_back({range.hi + 1, mask});
  return out;
}

/// One alternative after the other: libseccomp's rules are ORed, the comparisons of one rule ANDed.
Tests alternatives(const ArgTest& test) {
  const unsigned index = test.index;
  const bool one_value = test.lo == test.hi;
  const bool whole = test.mask == kAllBits;
  if (whole && one_value) return {{index, test.negated ? SCMP_CMP_NE : SCMP_CMP_EQ, test.lo, 0}};
  if (one_value && !test.negated) return {{index, SCMP_CMP_MASKED_EQ, test.mask, test.lo}};
  if (!std::has_single_bit(test.mask + 1) && !whole) throw InternalError("a range of scattered bits");
  Tests out;
  const Range range{test.lo, test.hi};
  for (const Range& part : test.negated ? complement(range, test.mask) : std::vector{range}) {
    if (whole && part.hi == kAllBits) {
      out.push_back({index, SCMP_CMP_GE, part.lo, 0});
    } else if (whole && part.lo == 0) {
      out.push_back({index, SCMP_CMP_LE, part.hi, 0});
    } else {
      const Tests parts = blocks(index, test.mask, part);
      out.insert(out.end(), parts.begin(), parts.end());
    }
  }
  return out;
}

/// Every combination of the alternatives of a rule's tests: each is one rule for libseccomp.
std::vector<Tests> combinations(const std::vector<ArgTest>& tests) {
  std::vector<Tests> out{{}};
  for (const ArgTest& test : tests) {
    std::vector<Tests> longer;
    for (const Tests& so_far : out) {
      for (const scmp_arg_cmp& alternative : alternatives(test)) {
        longer.push_back(so_far);
        longer.back().push_back(alternative);
      }
    }
    out = std::move(longer);
  }
  return out;
}

// ---- libseccomp ------------------------------------------------------------------------------------------------------

struct Release {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Release>;

void set_attribute(const Context& context, scmp_filter_attr attribute, std::uint32_t value) {
  const int error = seccomp_attr_set(context.get(), attribute, value);
  if (error != 0) fail("an attribute was refused", -error);
}

Context open_context(const SyscallPolicy& policy, Arch arch) {
  Context context(seccomp_init(return_word(policy.fallback)));
  if (!context) fail("no context", ENOMEM);
  set_attribute(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  set_attribute(context, SCMP_FLTATR_CTL_OPTIMIZE, policy.shape == FilterShape::BinaryTree ? 2 : 1);
  if (token_of(arch) == seccomp_arch_native()) return context;
  int error = seccomp_arch_remove(context.get(), SCMP_ARCH_NATIVE);
  if (error == 0) error = seccomp_arch_add(context.get(), token_of(arch));
  if (error != 0) fail("an architecture was refused", -error);
  return context;
}

/// libseccomp takes the host's number of a call, or its own pseudo number for one that the host has not, and translates.
int host_number(const std::string& name) {
  const int number = new_number(name) >= 0 ? new_number(name) : seccomp_syscall_resolve_name(name.c_str());
  if (number == __NR_SCMP_ERROR) throw InternalError("libseccomp does not know `" + name + "`");
  return number;
}

void add_rule(const Context& context, const SyscallRule& rule) {
  for (const Tests& tests : combinations(rule.args)) {
    const int error = seccomp_rule_add_array(context.get(), return_word(rule.action), host_number(rule.syscall), static_cast<unsigned>(tests.size()), tests.data());
    if (error != 0 && error != -EEXIST) fail("the rule for `" + rule.syscall + "` was refused", -error);
  }
}

/// Goes by number where libseccomp cannot translate it.
bool is_foreign_number(const SyscallRule& rule, Arch arch) { return new_number(rule.syscall) >= 0 && token_of(arch) != seccomp_arch_native(); }

bool says_something(const SyscallRule& rule, const SyscallPolicy& policy, Arch arch) { return syscall_number(arch, rule.syscall) >= 0 && rule.action != policy.fallback; }

Context fill_context(const SyscallPolicy& policy, Arch arch) {
  Context context = open_context(policy, arch);
  for (const SyscallRule& rule : policy.rules)
    if (says_something(rule, policy, arch) && !is_foreign_number(rule, arch)) add_rule(context, rule);
  return context;
}

BpfProgram export_program(const Context& context) {
  const int fd = memfd_create("immure-filter", MFD_CLOEXEC);
  if (fd < 0) fail("no memory file", errno);
  const int error = seccomp_export_bpf(context.get(), fd);
  const off_t size = lseek(fd, 0, SEEK_END);
  BpfProgram program(size > 0 ? static_cast<std::size_t>(size) / sizeof(BpfInsn) : 0);
  const ssize_t got = pread(fd, program.data(), program.size() * sizeof(BpfInsn), 0);
  close(fd);
  if (error != 0) fail("the program could not be exported", -error);
  if (program.empty() || got != size) fail("the exported program could not be read", EIO);
  return program;
}

// ---- calls newer than libseccomp, on architectures of which it is not the host's --------------------------------------------

void put_foreign_numbers(BpfProgram& out, const SyscallPolicy& policy, Arch arch) {
  BpfProgram answers;
  for (const SyscallRule& rule : policy.rules) {
    if (!says_something(rule, policy, arch) || !is_foreign_number(rule, arch)) continue;
    if (!rule.args.empty()) continue;  // cannot be said this way: the proof will tell
    answers.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 1, static_cast<std::uint32_t>(new_number(rule.syscall))});
    answers.push_back({BPF_RET | BPF_K, 0, 0, return_word(rule.action)});
  }
  if (answers.empty()) return;
  if (answers.size() > 254) throw InternalError("too many calls that libseccomp does not know");
  out.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, arch)});
  out.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, static_cast<std::uint8_t>(answers.size() + 1), token_of(arch)});
  out.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)});
  out.insert(out.end(), answers.begin(), answers.end());
}

BpfProgram merged_program(const SyscallPolicy& policy) {
  BpfProgram out;
  Context whole;
  for (const Arch arch : policy.archs) {
    put_foreign_numbers(out, policy, arch);
    Context context = fill_context(policy, arch);
    if (!whole) {
      whole = std::move(context);
    } else {
      const int error = seccomp_merge(whole.get(), context.get());
      if (error != 0) fail("two architectures could not be merged", -error);
      (void)context.release();  // merged into the other
    }
  }
  const BpfProgram rest = export_program(whole);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

// ---- compat ----------------------------------------------------------------------------------------------------------

BpfProgram compat_program(const SyscallPolicy& policy) {
  Context context(seccomp_init(return_word(policy.fallback)));
  if (!context) fail("no context", ENOMEM);
  for (const Arch arch : policy.archs) {
    const int error = seccomp_arch_add(context.get(), token_of(arch));
    if (error != 0 && error != -EEXIST) fail("an architecture was refused", -error);
  }
  if (token_of(policy.archs[0]) != seccomp_arch_native()) (void)seccomp_arch_remove(context.get(), SCMP_ARCH_NATIVE);
  for (const SyscallRule& rule : policy.rules) {
    const std::vector<Tests> tests = combinations(rule.args);
    const auto add = rule.exact ? seccomp_rule_add_exact_array : seccomp_rule_add_array;
    const int error = add(context.get(), return_word(rule.action), host_number(rule.syscall), static_cast<unsigned>(tests[0].size()), tests[0].data());
    if (error != 0 && !rule.exact) fail("the rule for `" + rule.syscall + "` was refused", -error);
  }
  return export_program(context);
}

bool holds_on(const SyscallRule& rule, const SyscallPolicy& policy, Arch arch) {
  return !rule.exact || (policy.archs.size() == 1 && (arch != Arch::X86 || x86_direct_number(rule.syscall) < 0));
}

}  // namespace

BpfProgram compile_filter(const SyscallPolicy& policy) {
  if (policy.archs.empty()) throw InternalError("a policy without an architecture");
  if (policy.compat) return compat_program(policy);
  return policy.shape == FilterShape::Ranges ? range_program(resolve_numbers(policy)) : merged_program(policy);
}

ResolvedPolicy resolve_numbers(const SyscallPolicy& policy) {
  ResolvedPolicy out;
  out.fallback = policy.fallback;
  if (policy.compat) out.foreign = {ActionKind::KillThread, 0};  // libseccomp's default
  for (const Arch arch : policy.archs) {
    ArchPolicy& resolved = out.archs.emplace_back(ArchPolicy{arch, token_of(arch), {}});
    for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
      const SyscallRule& rule = policy.rules[i];
      const int number = syscall_number(arch, rule.syscall);
      if (number >= 0 && holds_on(rule, policy, arch)) resolved.rules.push_back({static_cast<std::uint32_t>(number), rule.action, rule.args, i});
    }
    std::stable_sort(resolved.rules.begin(), resolved.rules.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  }
  return out;
}

std::uint32_t token_of(Arch arch) {
  switch (arch) {
    case Arch::X86_64: return SCMP_ARCH_X86_64;
    case Arch::X86: return SCMP_ARCH_X86;
    case Arch::Aarch64: return SCMP_ARCH_AARCH64;
    case Arch::Arm: return SCMP_ARCH_ARM;
  }
  return 0;
}

const char* name_of(Arch arch) {
  switch (arch) {
    case Arch::X86_64: return "x86_64";
    case Arch::X86: return "i386";
    case Arch::Aarch64: return "aarch64";
    case Arch::Arm: return "arm";
  }
  return "";
}

int syscall_number(Arch arch, const std::string& name) {
  if (new_number(name) >= 0) return new_number(name);
  if (arch == Arch::X86 && x86_direct_number(name) >= 0) return x86_direct_number(name);
  return seccomp_syscall_resolve_name_arch(token_of(arch), name.c_str());
}

std::string syscall_name(std::uint32_t token, std::uint32_t number) {
  for (const NewCall& row : kNewCalls)
    if (number == static_cast<std::uint32_t>(row.number)) return std::string(row.name);
  if (number > 0xffff) return {};
  char* name = seccomp_syscall_resolve_num_arch(token, static_cast<int>(number));
  if (name == nullptr) return {};
  std::string out(name);
  std::free(name);
  return out;
}

bool is_syscall(const std::string& name) {
  return std::any_of(std::begin(kAllArchs), std::end(kAllArchs), [&](Arch arch) { return syscall_number(arch, name) >= 0; });
}

std::vector<std::string> syscall_names() {
  std::set<std::string> names;
  for (const Arch arch : kAllArchs)
    for (std::uint32_t number = 0; number < 512; ++number) names.insert(syscall_name(token_of(arch), number));
  names.erase("");
  return {names.begin(), names.end()};
}

std::string filter_library_version() {
  const scmp_version* version = seccomp_version();
  return std::to_string(version->major) + '.' + std::to_string(version->minor) + '.' + std::to_string(version->micro);
}

}  // namespace immure
