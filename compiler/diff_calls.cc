// What two filters answer.
//
// Every call that either filter has a rule for is asked with arguments around every constant of those rules; the fallback stands for all others.
#include <linux/seccomp.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/bpf_check.h"
#include "compiler/diff.h"

namespace immure {
namespace {

constexpr std::size_t kMaxProbes = 4096;
constexpr std::uint32_t kNoSuchCall = 0x3fff'ffff;  // no rule names it, so the fallback answers

bool allowed(std::uint32_t answer) { return (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW || (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_LOG; }

using Calls = std::map<std::uint32_t, std::vector<ResolvedRule>>;  // by number
Calls calls_of(const ArchPolicy& arch) {
  Calls all;
  for (const ResolvedRule& rule : arch.rules) all[rule.number].push_back(rule);
  return all;
}

const ArchPolicy* find(const std::optional<ResolvedPolicy>& policy, Arch arch) {
  if (!policy) return nullptr;
  for (const ArchPolicy& row : policy->archs)
    if (row.arch == arch) return &row;
  return nullptr;
}

/// Values of one argument around every constant that the rules compare it with.
std::set<std::uint64_t> values(const std::vector<ResolvedRule>& rules, std::uint8_t index) {
  std::set<std::uint64_t> all{0};
  for (const ResolvedRule& rule : rules)
    for (const ArgTest& test : rule.args)
      if (test.index == index) all.insert({test.lo, test.lo - 1, test.hi, test.hi + 1, test.mask, ~test.mask});
  return all;
}

std::vector<seccomp_data> probes(std::uint32_t token, std::uint32_t number, const std::vector<ResolvedRule>& rules) {
  seccomp_data first{};
  first.arch = token;
  first.nr = static_cast<int>(number);
  std::vector<seccomp_data> all{first};
  for (std::uint8_t index = 0; index < 6; ++index) {
    const std::set<std::uint64_t> choices = values(rules, index);
    if (choices.size() == 1) continue;
    std::vector<seccomp_data> more;
    for (const seccomp_data& call : all)
      for (const std::uint64_t value : choices) {
        if (more.size() == kMaxProbes) break;
        more.push_back(call);
        more.back().args[index] = value;
      }
    all = std::move(more);
  }
  return all;
}

class Filters {
 public:
  Filters(const Compared& before, const Compared& after, const CallName& call_name, std::vector<Change>& out)
      : before_(before.filter), after_(after.filter), call_name_(call_name), out_(out) {}

  void run() {
    const std::optional<ResolvedPolicy>& any = before_ ? before_ : after_;
    if (!any) return;
    for (const ArchPolicy& row : any->archs) {
      const ArchPolicy *a = find(before_, row.arch), *b = find(after_, row.arch);
      if ((before_ && a == nullptr) || (after_ && b == nullptr)) continue;  // `seccomp.multiarch` says it all
      compare(row.token, a == nullptr ? Calls{} : calls_of(*a), b == nullptr ? Calls{} : calls_of(*b), &row != &any->archs.front());
    }
  }

 private:
  static std::uint32_t answer(const std::optional<ResolvedPolicy>& policy, const seccomp_data& call) {
    return policy ? decide(*policy, call) : static_cast<std::uint32_t>(SECCOMP_RET_ALLOW);
  }

  void compare(std::uint32_t token, const Calls& a, const Calls& b, bool other_arch) {
    std::set<std::uint32_t> numbers{kNoSuchCall};
    for (const Calls* side : {&a, &b})
      for (const auto& [number, rules] : *side) numbers.insert(number);
    const std::string arch = other_arch ? " of 32-bit programs" : "";
    for (const std::uint32_t number : numbers) {
      std::vector<ResolvedRule> rules;
      for (const Calls* side : {&a, &b})
        if (const auto found = side->find(number); found != side->end()) rules.insert(rules.end(), found->second.begin(), found->second.end());
      const std::vector<seccomp_data> asked = probes(token, number, rules);
      std::size_t granted = 0, taken = 0, changed = 0;
      for (const seccomp_data& call : asked) {
        const std::uint32_t was = answer(before_, call), is = answer(after_, call);
        granted += !allowed(was) && allowed(is);
        taken += allowed(was) && !allowed(is);
        changed += was != is && allowed(was) == allowed(is);
      }
      std::string name = number == kNoSuchCall ? "every other call" : call_name_(token, number);
      if (name.empty()) name = "number " + std::to_string(number);
      add(Effect::Grants, name + arch, "newly allowed", granted, asked.size());
      add(Effect::Takes, name + arch, "no longer allowed", taken, asked.size());
      if (granted == 0 && taken == 0) add(Effect::Changes, name + arch, "another answer", changed, asked.size());
    }
  }

  void add(Effect effect, std::string name, const std::string& what, std::size_t hits, std::size_t asked) {
    if (hits == 0) return;
    out_.push_back({effect, "system calls", std::move(name), what + (hits == asked ? "" : ", with some arguments"), {}});
  }

  const std::optional<ResolvedPolicy>& before_;
  const std::optional<ResolvedPolicy>& after_;
  const CallName& call_name_;
  std::vector<Change>& out_;
};

}  // namespace

void diff_calls(const Compared& before, const Compared& after, const CallName& call_name, std::vector<Change>& out) { Filters(before, after, call_name, out).run(); }

}  // namespace immure
