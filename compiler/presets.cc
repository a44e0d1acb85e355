// `[seccomp]` -> policy: which groups of presets.def apply, and the two lists that depend on the profile (socket families, personality).
#include "compiler/presets.h"

#include <cerrno>
#include <set>

#include "compiler/filter_rules.h"

namespace immure {
namespace {

constexpr Action deny(int error) { return {ActionKind::Errno, static_cast<std::uint16_t>(error)}; }

ArgTest bits(std::uint8_t index, std::uint64_t mask) { return {index, mask, mask, mask}; }
ArgTest is32(std::uint8_t index, std::uint64_t value) { return {index, kLow32, value, value}; }

/// What of `[0, mask]` is none of `allowed`, as ranges: an allow list said by denials, since a filter that allows by default can only deny.
std::vector<ArgTest> none_of(std::uint8_t index, std::uint64_t mask, const std::set<std::uint64_t>& allowed) {
  std::vector<ArgTest> gaps;
  std::uint64_t next = 0;
  for (const std::uint64_t value : allowed) {
    if (value > next) gaps.push_back({index, mask, next, value - 1});
    next = value + 1;
  }
  gaps.push_back({index, mask, next, mask});
  return gaps;
}

enum class Group { Common, CommonExt, Namespace, NamespaceExt, Tty, Devel, Emulation, EmulationExt, Families };

const char* name_of(Group group) {
  switch (group) {
    case Group::Common: return "common";
    case Group::CommonExt: return "ext";
    case Group::Namespace: return "deny-ns";
    case Group::NamespaceExt: return "deny-ns with ext";
    case Group::Tty: return "deny-tty";
    case Group::Devel: return "deny-devel";
    case Group::Emulation: return "without multiarch";
    case Group::EmulationExt: return "ext without multiarch";
    case Group::Families: return "socket families";
  }
  return "";
}

struct Choice {
  bool any = false, ext = false, deny_ns = false, deny_tty = false, deny_devel = false, linux32 = false, multiarch = false;

  bool has(Group group) const {
    switch (group) {
      case Group::Common:
      case Group::Families: return any;
      case Group::CommonExt: return ext;
      case Group::Namespace: return deny_ns;
      case Group::NamespaceExt: return deny_ns && ext;
      case Group::Tty: return deny_tty;
      case Group::Devel: return deny_devel;
      case Group::Emulation: return any && !multiarch;
      case Group::EmulationExt: return ext && !multiarch;
    }
    return false;
  }
  void add(type::Preset preset) {
    any = true;
    switch (preset) {
      case type::Preset::Ext: ext = true; return;
      case type::Preset::DenyNs: deny_ns = true; return;
      case type::Preset::DenyTty: deny_tty = true; return;
      case type::Preset::DenyDevel: deny_devel = true; return;
      case type::Preset::Linux32: linux32 = true; return;
      case type::Preset::Strict: ext = deny_ns = deny_tty = deny_devel = true; return;
    }
  }
};

Choice chosen(const Profile& profile) {
  Choice choice;
  choice.multiarch = *profile.seccomp.multiarch;
  if (profile.seccomp.presets) {
    for (const auto& preset : *profile.seccomp.presets) choice.add(preset.value);
  } else {
    choice.add(type::Preset::Strict);
    choice.deny_ns = !*profile.namespaces.nested;
  }
  return choice;
}

void add_presets(SyscallPolicy& policy, const Choice& choice) {
  const auto add = [&](Group group, int error, const char* call, std::vector<ArgTest> tests) {
    if (choice.has(group)) policy.rules.push_back({call, deny(error), std::move(tests), name_of(group), {}});
  };
#define DENY(group, error, call, why) add(Group::group, error, call, {});
#define DENY_IF(group, error, call, test, why) add(Group::group, error, call, {test});
#include "compiler/presets.def"
}

/// personality(2): only Linux, and with linux32 the 32-bit one too. Compared on all 64 bits: what does not fit is refused.
void add_personality(SyscallPolicy& policy, const Choice& choice) {
  if (!choice.deny_devel) return;
  const std::set<std::uint64_t> allowed = choice.linux32 ? std::set<std::uint64_t>{0, 8} : std::set<std::uint64_t>{0};
  for (const ArgTest& gap : none_of(0, kAllBits, allowed)) policy.rules.push_back({"personality", deny(EPERM), {gap}, name_of(Group::Devel), {}});
}

/// unspec, local, inet, inet6, netlink; can and bluetooth on request.
std::set<std::uint64_t> allowed_families(bool can, bool bluetooth) {
  std::set<std::uint64_t> allowed{0, 1, 2, 10, 16};
  if (can) allowed.insert(29);
  if (bluetooth) allowed.insert(31);
  return allowed;
}

/// socketpair too: it makes sockets of the same families.
void add_socket_families(SyscallPolicy& policy, const Choice& choice, const std::set<std::uint64_t>& allowed) {
  if (!choice.has(Group::Families)) return;
  for (const char* call : {"socket", "socketpair"})
    for (const ArgTest& gap : none_of(0, kLow32, allowed)) policy.rules.push_back({call, deny(EAFNOSUPPORT), {gap}, name_of(Group::Families), {}});
}

// ---- compat ----------------------------------------------------------------------------------------------------------

void add_older_group(SyscallPolicy& policy, Group wanted) {
  const auto add = [&](Group group, int error, const char* call, std::vector<ArgTest> tests, const char* why) {
    if (group == wanted && *why == '\0') policy.rules.push_back({call, deny(error), std::move(tests), name_of(group), {}});
  };
#define DENY(group, error, call, why) add(Group::group, error, call, {}, why);
#define DENY_IF(group, error, call, test, why) add(Group::group, error, call, {test}, why);
#include "compiler/presets.def"
}

/// One equality for each family between those that are allowed, and one "from here on": compared on all 64 bits.
void add_older_families(SyscallPolicy& policy, const std::set<std::uint64_t>& allowed) {
  const auto add = [&](std::uint64_t lo, std::uint64_t hi) { policy.rules.push_back({"socket", deny(EAFNOSUPPORT), {{0, kAllBits, lo, hi}}, name_of(Group::Families), {}, true}); };
  std::uint64_t next = 0;
  for (const std::uint64_t family : allowed) {
    for (; next < family; ++next) add(next, next);
    next = family + 1;
  }
  add(next, kAllBits);
}

/// The rules of hakurei 0.3 in its order; the proof and the published digests hold us to it.
void add_older_rules(SyscallPolicy& policy, Choice choice, const std::set<std::uint64_t>& families) {
  choice.any = true;  // its first and its emulation rules stand in every filter
  for (const Group group : {Group::Common, Group::Namespace, Group::Tty, Group::Devel}) {
    if (!choice.has(group)) continue;
    add_older_group(policy, group);
    if (group != Group::Devel) continue;
    const std::uint64_t persona = choice.linux32 ? 8 : 0;
    policy.rules.push_back({"personality", deny(EPERM), {{0, kAllBits, persona, persona, true}}, name_of(group), {}});
  }
  for (const Group group : {Group::Emulation, Group::CommonExt, Group::NamespaceExt, Group::EmulationExt})
    if (choice.has(group)) add_older_group(policy, group);
  add_older_families(policy, families);
}

std::vector<Arch> architectures(Arch target, bool multiarch) {
  if (multiarch && target == Arch::X86_64) return {target, Arch::X86};
  if (multiarch && target == Arch::Aarch64) return {target, Arch::Arm};
  return {target};
}

FilterShape shape_of(type::Optimize optimize) {
  switch (optimize) {
    case type::Optimize::Ranges: return FilterShape::Ranges;
    case type::Optimize::BinaryTree: return FilterShape::BinaryTree;
    case type::Optimize::Priority: return FilterShape::Priority;
  }
  return FilterShape::Ranges;
}

}  // namespace

std::optional<SyscallPolicy> program_policy(const Profile& profile, Arch target, Diagnostics* diags) {
  if (!*profile.seccomp.enabled) return std::nullopt;
  Choice choice = chosen(profile);
  const std::set<std::uint64_t> families = allowed_families(*profile.seccomp.can, *profile.seccomp.bluetooth);
  SyscallPolicy policy;
  policy.archs = architectures(target, choice.multiarch);
  policy.shape = shape_of(*profile.seccomp.optimize);
  policy.compat = profile.seccomp.compat.present;
  if (policy.compat) {
    choice.deny_tty = choice.deny_tty || *profile.process.new_session;  // as there
    add_older_rules(policy, choice, families);
    return policy;
  }
  add_presets(policy, choice);
  add_personality(policy, choice);
  add_socket_families(policy, choice, families);
  Diagnostics unheard;
  add_rules(profile, policy, diags != nullptr ? *diags : unheard);
  return policy;
}

// What init's loop calls (initrt/reap.cc): taking children and signals, handing signals on, the terminal's foreground group, telling of a stop or of
// trouble, leaving. Anything else answers EPERM rather than kills: init is PID 1, and its death would take the program with it.
SyscallPolicy init_policy() {
  constexpr std::uint64_t kTiocspgrp = 0x5410;
  struct Row {
    const char* call;
    std::vector<ArgTest> tests;
  };
  const Row init_calls[] = {
      {"wait4", {}}, {"rt_sigtimedwait", {}}, {"restart_syscall", {}}, {"kill", {}}, {"write", {}}, {"ioctl", {is32(1, kTiocspgrp)}}, {"clock_gettime", {}}, {"exit_group", {}},
      {"exit", {}},  // where a filter around the launcher refuses the other
  };
  SyscallPolicy policy;
  policy.archs = {Arch::X86_64};
  policy.fallback = deny(EPERM);
  for (const Row& row : init_calls) policy.rules.push_back({row.call, {ActionKind::Allow, 0}, row.tests, "init", {}});
  return policy;
}

}  // namespace immure
