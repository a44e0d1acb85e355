// The format's tests are libseccomp's: one comparison of an argument, at most one for each argument of a rule. A range of ours becomes the aligned blocks that it
// consists of, each a masked comparison and a rule of its own: rules for one call with one answer add up. Where one call gets several answers the runtimes' library decides
// by other rules than "the strictest holds", so that is said to be lost.
#include "compiler/oci_filter.h"

#include <algorithm>
#include <cerrno>
#include <map>

#include "compiler/syscalls.h"

namespace immure {
namespace {

constexpr std::size_t kMaxRules = 512;  // of one rule of ours

const char* name_of(ActionKind kind) {
  switch (kind) {
    case ActionKind::Allow: return "SCMP_ACT_ALLOW";
    case ActionKind::Log: return "SCMP_ACT_LOG";
    case ActionKind::Errno: return "SCMP_ACT_ERRNO";
    case ActionKind::Trap: return "SCMP_ACT_TRAP";
    case ActionKind::KillThread: return "SCMP_ACT_KILL_THREAD";
    case ActionKind::KillProcess: return "SCMP_ACT_KILL_PROCESS";
  }
  return "SCMP_ACT_KILL_PROCESS";
}

const char* oci_name(Arch arch) {
  switch (arch) {
    case Arch::X86_64: return "SCMP_ARCH_X86_64";
    case Arch::X86: return "SCMP_ARCH_X86";
    case Arch::Aarch64: return "SCMP_ARCH_AARCH64";
    case Arch::Arm: return "SCMP_ARCH_ARM";
  }
  return "";
}

Json masked(std::uint8_t index, std::uint64_t mask, std::uint64_t value) {
  if (mask == kAllBits) return {{"index", index}, {"value", value}, {"op", "SCMP_CMP_EQ"}};
  return {{"index", index}, {"value", mask}, {"valueTwo", value}, {"op", "SCMP_CMP_MASKED_EQ"}};
}

bool low_bits(std::uint64_t mask) { return (mask & (mask + 1)) == 0; }

/// `lo <= (argument & mask) <= hi` as comparisons of which one must hold. The mask is the low bits.
void add_blocks(const ArgTest& test, std::uint64_t lo, std::uint64_t hi, Json& out) {
  while (lo <= hi) {
    std::uint64_t size = 1;  // of the block at `lo`, less one
    for (size = 0; (lo & (size << 1 | 1)) == 0 && lo + (size << 1 | 1) <= hi && size != kAllBits; size = size << 1 | 1) {
    }
    out.push_back(masked(test.index, test.mask & ~size, lo));
    if (hi - lo <= size) return;
    lo += size + 1;
  }
}

/// The same for any test of ours; an empty list where there is no such.
Json alternatives(const ArgTest& test) {
  Json out = Json::array();
  if (test.negated && test.lo == test.hi && test.mask == kAllBits) out.push_back({{"index", test.index}, {"value", test.lo}, {"op", "SCMP_CMP_NE"}});
  else if (!test.negated && test.lo == test.hi) out.push_back(masked(test.index, test.mask, test.lo));
  else if (test.mask == kAllBits && !test.negated && test.hi == kAllBits) out.push_back({{"index", test.index}, {"value", test.lo}, {"op", "SCMP_CMP_GE"}});
  else if (test.mask == kAllBits && !test.negated && test.lo == 0) out.push_back({{"index", test.index}, {"value", test.hi}, {"op", "SCMP_CMP_LE"}});
  else if (low_bits(test.mask) && !test.negated) add_blocks(test, test.lo, std::min(test.hi, test.mask), out);
  else if (low_bits(test.mask)) {
    if (test.lo > 0) add_blocks(test, 0, test.lo - 1, out);
    if (test.hi < test.mask) add_blocks(test, test.hi + 1, test.mask, out);
  }
  return out;
}

/// Every combination of the tests' alternatives; empty where the rule cannot be said.
Json combinations(const std::vector<ArgTest>& tests) {
  Json all = Json::array({Json::array()});
  unsigned used = 0;
  for (const ArgTest& test : tests) {
    const Json each = alternatives(test);
    if ((used >> test.index & 1) != 0 || each.empty() || each.size() * all.size() > kMaxRules) return Json::array();
    used |= 1u << test.index;
    Json next = Json::array();
    for (const Json& so_far : all)
      for (const Json& one : each) {
        next.push_back(so_far);
        next.back().push_back(one);
      }
    all = std::move(next);
  }
  return all;
}

void put_action(Json& to, const char* key, const char* error_key, const Action& action) {
  to[key] = name_of(action.kind);
  if (action.kind == ActionKind::Errno) to[error_key] = action.error;
}

}  // namespace

Json oci_filter(const SyscallPolicy& policy, std::vector<std::string>& lost) {
  Json out;
  put_action(out, "defaultAction", "defaultErrnoRet", policy.fallback);
  for (const Arch arch : policy.archs) out["architectures"].push_back(oci_name(arch));
  Json calls = Json::array();
  std::map<std::string, Action> answers;
  std::map<std::pair<ActionKind, std::uint16_t>, std::size_t> plain;  // where the calls without a test are that get this answer
  for (const SyscallRule& rule : policy.rules) {
    const bool known = std::any_of(policy.archs.begin(), policy.archs.end(), [&](Arch arch) { return syscall_number(arch, rule.syscall) >= 0; });
    if (!known || rule.action == policy.fallback) continue;
    if (!(answers.emplace(rule.syscall, rule.action).first->second == rule.action)) lost.push_back("several answers for `" + rule.syscall + "`");
    const auto [place, first] = plain.emplace(std::pair(rule.action.kind, rule.action.error), calls.size());
    if (rule.args.empty() && !first) {
      calls[place->second]["names"].push_back(rule.syscall);
      continue;
    }
    if (!rule.args.empty() && first) plain.erase(place);
    const Json all = combinations(rule.args);
    if (all.empty()) lost.push_back("a rule for `" + rule.syscall + "` whose tests the format does not have");
    for (const Json& args : all) {
      Json entry = {{"names", Json::array({rule.syscall})}};
      put_action(entry, "action", "errnoRet", rule.action);
      if (!args.empty()) entry["args"] = args;
      calls.push_back(std::move(entry));
    }
  }
  out["syscalls"] = std::move(calls);
  return out;
}

}  // namespace immure
