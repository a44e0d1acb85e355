// The strictest matching rule holds. That makes the order of rules mean nothing, and it makes some rules mean nothing at all: those are
// reported, with the place of the rule that beats them, because a rule that was written was meant.
//
// One condition lies within another if each test of the other stands in it too; two conditions exclude each other if they want different values of the same
// bits. Both are decided from the tests as written: what this cannot see is not reported, and never changes what the filter answers.
#include "compiler/filter_rules.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "compiler/oci_profile.h"
#include "compiler/suggest.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

using Op = type::RuleTest::Op;

struct GroupRow {
  std::string_view name, calls;
};
constexpr GroupRow kGroups[] = {
#define GROUP(name, doc, source, calls) {name, calls},
#include "compiler/syscall_groups.def"
};

struct NarrowRow {
  std::string_view call;
  std::uint8_t index;
};
constexpr NarrowRow kNarrow[] = {
#define NARROW(call, index) {call, index},
#include "compiler/syscall_values.def"
};

// Of these an allow-list must let every one pass: execve, and what the dynamic loader cannot do without.
constexpr std::string_view kMustStart[] = {"execve", "brk", "arch_prctl", "mmap", "mprotect", "munmap", "openat", "read", "newfstatat", "close", "exit_group"};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    out.emplace_back(text.substr(at, space - at));
    at = space + 1;
  }
  return out;
}

bool is_narrow(std::string_view call, std::uint8_t index) {
  return std::any_of(std::begin(kNarrow), std::end(kNarrow), [&](const NarrowRow& row) { return row.call == call && row.index == index; });
}

// ---- conditions ------------------------------------------------------------------------------------------------------

using Tests = std::vector<ArgTest>;

bool same(const ArgTest& a, const ArgTest& b) { return std::tie(a.index, a.mask, a.lo, a.hi, a.negated) == std::tie(b.index, b.mask, b.lo, b.hi, b.negated); }
bool within(const Tests& inner, const Tests& outer) {
  return std::all_of(outer.begin(), outer.end(), [&](const ArgTest& test) {
    return std::any_of(inner.begin(), inner.end(), [&](const ArgTest& own) {
      return same(own, test) || (own.index == test.index && own.mask == test.mask && !own.negated && !test.negated && own.lo >= test.lo && own.hi <= test.hi);
    });
  });
}
bool exclude(const ArgTest& a, const ArgTest& b) {
  if (a.index != b.index || a.mask != b.mask) return false;
  if (a.negated != b.negated) {
    const ArgTest &no = a.negated ? a : b, &yes = a.negated ? b : a;
    return yes.lo >= no.lo && yes.hi <= no.hi;
  }
  return !a.negated && (a.hi < b.lo || b.hi < a.lo);
}
bool overlap(const Tests& a, const Tests& b) {
  for (const ArgTest& x : a)
    for (const ArgTest& y : b)
      if (exclude(x, y)) return false;
  return true;
}

// ---- the pass ----------------------------------------------------------------------------------------------------------

class Rules {
 public:
  Rules(const Profile& profile, SyscallPolicy& policy, Diagnostics& diags) : profile_(profile), policy_(policy), diags_(diags), presets_(policy.rules.size()) {}

  void run() {
    policy_.fallback = *profile_.seccomp.default_;
    for (const SeccompRuleRow& row : profile_.seccomp_rules) add_row(row);
    if (profile_.seccomp.oci.present) add_oci_profile(*profile_.seccomp.oci, profile_, policy_, diags_);
    if (diags_.errors() == 0) require_startup();
  }

 private:
  const Profile& profile_;
  SyscallPolicy& policy_;
  Diagnostics& diags_;
  std::size_t presets_;                                            // that many rules at the front are the presets'
  std::set<std::tuple<Code, std::uint32_t, std::uint32_t>> said_;  // once for each pair of entries, though they name many calls

  /// Nothing where a test can never hold or always does.
  std::optional<ArgTest> test_of(const std::string& call, const Placed<type::RuleTest>& placed) {
    const type::RuleTest& test = placed.value;
    const std::uint64_t all = !test.wide && is_narrow(call, test.index) ? kLow32 : kAllBits;
    const bool negative = (test.value >> 31) == kAllBits >> 31;
    if (all == kLow32 && test.value > kLow32 && !negative) return useless(placed, "the kernel takes this argument of `" + call + "` as 32 bits, which this value does not fit");
    const std::uint64_t value = test.value & all;
    switch (test.op) {
      case Op::Eq: return ArgTest{test.index, all, value, value};
      case Op::Ne: return ArgTest{test.index, all, value, value, true};
      case Op::Lt: return value == 0 ? useless(placed, "nothing is less than 0: this never holds") : ArgTest{test.index, all, 0, value - 1};
      case Op::Le: return value == all ? useless(placed, "everything is at most that: this always holds") : ArgTest{test.index, all, 0, value};
      case Op::Gt: return value == all ? useless(placed, "nothing is greater than that: this never holds") : ArgTest{test.index, all, value + 1, all};
      case Op::Ge: return value == 0 ? useless(placed, "everything is at least 0: this always holds") : ArgTest{test.index, all, value, all};
      case Op::MaskedEq: break;
    }
    const std::uint64_t mask = test.mask & all;
    if (mask == 0) return useless(placed, "a mask without a bit: this always holds or never");
    if ((value & ~mask) != 0) return useless(placed, "the value has bits that the mask has not: this never holds");
    return ArgTest{test.index, mask, value, value};
  }
  std::optional<ArgTest> useless(const Placed<type::RuleTest>& test, const std::string& why) {
    diags_.add(Code::BadArgTest, test.span, why);
    return std::nullopt;
  }

  std::vector<std::string> calls_of(const Placed<std::string>& name) {
    if (!name.value.starts_with('@')) {
      if (is_syscall(name.value)) return {name.value};
      unknown(name, syscall_names());
      return {};
    }
    std::vector<std::string> groups;
    for (const GroupRow& row : kGroups) {
      if (row.name == name.value) return words(row.calls);
      groups.emplace_back(row.name);
    }
    unknown(name, groups);
    return {};
  }
  void unknown(const Placed<std::string>& name, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const bool group = name.value.starts_with('@');
    Diagnostic& diag = diags_.add(Code::UnknownSyscall, name.span, std::string("there is no ") + (group ? "group" : "system call") + " `" + name.value + "`");
    if (const auto near = nearest(name.value, views)) diag.fix(name.span, '"' + std::string(*near) + '"', "did you mean `" + std::string(*near) + "`?");
    else if (group) diag.help("there are " + listed(views));
  }

  void add_row(const SeccompRuleRow& row) {
    if (!row.syscalls.present || !row.action.present || (row.args.key_span.known() && !row.args.present)) return;  // reported
    std::set<std::string> seen;
    for (const Placed<std::string>& name : *row.syscalls)
      for (const std::string& call : calls_of(name)) {
        if (!seen.insert(call).second) {
          if (!name.value.starts_with('@')) diags_.add(Code::RuleRepeated, name.span, "`" + call + "` is named twice in this rule");
          continue;
        }
        std::vector<ArgTest> tests;
        for (const Placed<type::RuleTest>& test : *row.args) {
          const std::optional<ArgTest> made = test_of(call, test);
          if (!made) return;
          tests.push_back(*made);
        }
        add({call, *row.action, std::move(tests), "rule", name.span}, row, !name.value.starts_with('@'));
      }
  }

  /// `named`: by its own name, not as one of a group.
  void add(SyscallRule rule, const SeccompRuleRow& row, bool named) {
    const bool on_this_target = std::any_of(policy_.archs.begin(), policy_.archs.end(), [&](Arch arch) { return syscall_number(arch, rule.syscall) >= 0; });
    if (!on_this_target) {
      if (named) diags_.add(Code::OtherTargetsCall, rule.span, "`" + rule.syscall + "` is a call of " + owners(rule.syscall) + "; there is none on " + targets());
      return;
    }
    const bool overrides = *row.override_;
    bool met_preset = false;
    for (std::size_t i = 0; i < policy_.rules.size();) {
      const SyscallRule& other = policy_.rules[i];
      if (other.syscall != rule.syscall || !overlap(other.args, rule.args)) {
        ++i;
      } else if (i >= presets_) {
        against_rule(rule, other);
        ++i;
      } else {
        met_preset = true;
        if (overrides && within(other.args, rule.args)) {
          policy_.rules.erase(policy_.rules.begin() + static_cast<std::ptrdiff_t>(i));
          --presets_;
        } else {
          if (!overrides) against_preset(rule, other);
          ++i;
        }
      }
    }
    if (rule.action == policy_.fallback && !met_preset && once(Code::RuleDead, rule.span, {}))
      diags_.add(Code::RuleDead, rule.span, "this rule changes nothing: `" + rule.syscall + "` is answered like this anyway").label(profile_.seccomp.default_.span, "the default");
    policy_.rules.push_back(std::move(rule));
  }

  static std::string owners(const std::string& call) {
    std::vector<std::string_view> names;
    for (const Arch arch : kAllArchs)
      if (syscall_number(arch, call) >= 0) names.emplace_back(name_of(arch));
    return listed(names);
  }
  std::string targets() const {
    std::vector<std::string_view> names;
    for (const Arch arch : policy_.archs) names.emplace_back(name_of(arch));
    return listed(names, "or");
  }

  bool once(Code code, Span a, Span b) { return said_.insert({code, a.begin, b.begin}).second; }

  void against_rule(const SyscallRule& rule, const SyscallRule& other) {
    const std::string call = '`' + rule.syscall + '`';
    if (rule.action == other.action) {
      if (!within(rule.args, other.args) && !within(other.args, rule.args)) return;
      if (once(Code::RuleRepeated, rule.span, other.span))
        diags_
            .add(Code::RuleRepeated, rule.span,
                 within(rule.args, other.args) ? "the same is said of " + call + " already" : "this makes an earlier rule for " + call + " superfluous")
            .label(other.span, "the earlier one");
      return;
    }
    const bool stricter = rule.action.kind > other.action.kind;
    const SyscallRule &winner = stricter ? rule : other, &loser = stricter ? other : rule;
    if (within(loser.args, winner.args)) {
      if (once(Code::RuleDead, loser.span, winner.span))
        diags_.add(Code::RuleDead, loser.span, "this rule for " + call + " never answers").label(winner.span, "the stricter one holds wherever both match");
    } else if (!within(winner.args, loser.args) && once(Code::RulesContradict, rule.span, other.span)) {
      diags_.add(Code::RulesContradict, rule.span, "two rules for " + call + " want different answers where both match")
          .label(other.span, "the other one")
          .help("the stricter one holds there");
    }
  }

  void against_preset(const SyscallRule& rule, const SyscallRule& preset) {
    const std::string by = "`" + rule.syscall + "` by the preset `" + preset.origin + "`";
    const Span presets = profile_.seccomp.presets.span;
    if (rule.action == preset.action) {
      if (!within(rule.args, preset.args) || !once(Code::RuleRepeated, rule.span, presets)) return;
      Diagnostic& diag = diags_.add(Code::RuleRepeated, rule.span, "the same is said of " + by);
      if (presets.known()) diag.label(presets, "the presets");
      return;
    }
    const bool lenient = rule.action.kind <= ActionKind::Log;
    if (lenient && policy_.fallback.kind > ActionKind::Log && !within(rule.args, preset.args)) return;  // an allow-list, narrowed by the preset
    if (!once(Code::RuleDisagrees, rule.span, presets)) return;
    Diagnostic& diag = diags_.add(Code::RuleDisagrees, rule.span, "another answer is given for " + by);
    if (presets.known()) diag.label(presets, "the presets");
    diag.help("say `override = true` in this rule to have it hold, or `presets = []` to have the rules stand alone");
  }

  void require_startup() {
    if (policy_.fallback.kind <= ActionKind::Log) return;
    std::vector<std::string> missing;
    for (const std::string_view call : kMustStart) {
      const std::string name(call);
      const auto passes = [&](const SyscallRule& rule) { return rule.syscall == name && rule.args.empty() && rule.action.kind <= ActionKind::Log; };
      if (syscall_number(policy_.archs[0], name) < 0) continue;
      const bool refused =
          std::any_of(policy_.rules.begin(), policy_.rules.end(), [&](const SyscallRule& rule) { return rule.syscall == name && rule.args.empty() && !passes(rule); });
      if (refused || std::none_of(policy_.rules.begin(), policy_.rules.end(), [&](const SyscallRule& rule) { return rule.syscall == name && rule.action.kind <= ActionKind::Log; }))
        missing.push_back(name);
    }
    if (missing.empty()) return;
    const std::vector<std::string_view> views(missing.begin(), missing.end());
    const Span place = profile_.seccomp.default_.span.known() ? profile_.seccomp.default_.span : profile_.seccomp.oci.span;
    diags_.add(Code::AllowListCannotStart, place, "no program could be executed under this allow-list: it lacks " + listed(views))
        .help("allow the group `@startup`: `[[seccomp.rule]] syscalls = [\"@startup\"] action = \"allow\"`");
  }
};

}  // namespace

void add_rules(const Profile& profile, SyscallPolicy& policy, Diagnostics& diags) { Rules(profile, policy, diags).run(); }

}  // namespace immure
