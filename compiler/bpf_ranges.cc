// The shape that loads and runs fastest: when a filter is loaded the kernel runs it over every call number, so the path of an ordinary call is what
// costs (docs/seccomp.md has the measurements). Neighbouring numbers with one answer are one range, and a range is found by halving. It also says what libseccomp
// cannot: several rules for one call with different actions and conditions that overlap. The strictest is asked first, so the first that holds answers.
//
// Programs are made from their end. Jumps only go forward, so every target exists before the jump to it, and its distance is known: where it does not
// fit into eight bits a stepping stone is put in between. A Label is the index of an instruction counted from the end, which later ones do not move.
#include "compiler/bpf_ranges.h"

#include <linux/bpf_common.h>
#include <linux/seccomp.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <utility>

namespace immure {
namespace {

using Label = std::size_t;

constexpr std::uint32_t kFirstX32 = 0x4000'0000;
constexpr std::uint32_t kNoCall = 0xffff'ffff;  // what a tracer leaves to have a call skipped

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

std::uint32_t offset_of(std::uint8_t index, bool upper) {  // every architecture that we know is little-endian
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8u * index + (upper ? 4u : 0u);
}

class Emitter {
 public:
  /// The answer of an action, at hand or put here.
  Label answer(const Action& action) { return answer(return_word(action)); }

  /// What follows is at `next`.
  Label load(std::uint32_t offset, Label next) { return before(next, {BPF_LD | BPF_W | BPF_ABS, 0, 0, offset}); }
  Label mask(std::uint32_t bits, Label next) { return bits == ~0u ? next : before(next, {BPF_ALU | BPF_AND | BPF_K, 0, 0, bits}); }

  Label jump(std::uint16_t comparison, std::uint32_t k, Label yes, Label no) {
    if (yes == no) return yes;
    const Label near_no = near(no), near_yes = near(yes);
    return put({static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), distance(near_yes), distance(near_no), k});
  }
  Label equal(std::uint32_t k, Label yes, Label no) { return jump(BPF_JEQ, k, yes, no); }
  Label greater(std::uint32_t k, Label yes, Label no) { return jump(BPF_JGT, k, yes, no); }
  Label at_least(std::uint32_t k, Label yes, Label no) { return jump(BPF_JGE, k, yes, no); }

  /// Where to go with `offset` in the accumulator: past a load of it.
  Label past_load(Label at, std::uint32_t offset) const { return reversed_[at].code == (BPF_LD | BPF_W | BPF_ABS) && reversed_[at].k == offset ? at - 1 : at; }

  BpfProgram finish() && {
    std::reverse(reversed_.begin(), reversed_.end());
    return std::move(reversed_);
  }

 private:
  BpfProgram reversed_;
  std::map<std::uint32_t, Label> answers_;  // the nearest of each

  Label put(const BpfInsn& insn) {
    reversed_.push_back(insn);
    return reversed_.size() - 1;
  }
  /// How many instructions one put now would skip.
  std::size_t skipped(Label target) const { return reversed_.size() - target - 1; }
  std::uint8_t distance(Label target) const { return static_cast<std::uint8_t>(skipped(target)); }
  bool in_reach(Label target) const { return skipped(target) < 255; }  // one less than fits: the other arm may need a stone as well

  Label answer(std::uint32_t word) {
    const auto found = answers_.find(word);
    if (found != answers_.end() && in_reach(found->second)) return found->second;
    return answers_[word] = put({BPF_RET | BPF_K, 0, 0, word});
  }
  Label near(Label target) {
    if (in_reach(target)) return target;
    if (reversed_[target].code == (BPF_RET | BPF_K)) return answer(reversed_[target].k);
    return put({BPF_JMP | BPF_JA, 0, 0, static_cast<std::uint32_t>(skipped(target))});
  }
  Label before(Label next, const BpfInsn& insn) {
    if (next != reversed_.size() - 1) put({BPF_JMP | BPF_JA, 0, 0, static_cast<std::uint32_t>(skipped(next))});
    return put(insn);
  }
};

/// One half of an argument, within [lo, hi].
Label half_within(Emitter& out, std::uint32_t offset, std::uint32_t mask, std::uint32_t lo, std::uint32_t hi, Label yes, Label no) {
  if (lo == 0 && hi >= mask) return yes;
  if (lo > hi) return no;
  if (mask == ~0u) {
    yes = out.past_load(yes, offset);
    no = out.past_load(no, offset);
  }
  Label test;
  if (lo == hi) test = out.equal(lo, yes, no);
  else if (lo == 0) test = out.greater(hi, no, yes);
  else if (hi >= mask) test = out.at_least(lo, yes, no);
  else test = out.at_least(lo, out.greater(hi, no, yes), no);
  return out.load(offset, out.mask(mask, test));
}

Label condition(Emitter& out, const ArgTest& test, Label yes, Label no) {
  if (test.negated) std::swap(yes, no);
  const std::uint64_t lo = test.lo, hi = std::min(test.hi, test.mask);
  if (lo > hi) return no;
  const std::uint32_t upper = offset_of(test.index, true), lower = offset_of(test.index, false);
  const auto lower_within = [&](std::uint32_t from, std::uint32_t to) { return half_within(out, lower, low(test.mask), from, to, yes, no); };
  if (high(test.mask) == 0) return lower_within(low(lo), low(hi));
  if (high(lo) == high(hi)) return half_within(out, upper, high(test.mask), high(lo), high(hi), lower_within(low(lo), low(hi)), no);
  const Label at_top = lower_within(0, low(hi)), at_bottom = lower_within(low(lo), ~0u);
  const Label below_top = out.equal(high(hi), at_top, out.greater(high(hi), no, yes));
  const Label above_bottom = out.greater(high(lo), below_top, no);
  return out.load(upper, out.mask(high(test.mask), out.equal(high(lo), at_bottom, above_bottom)));
}

/// The rules of one call, the strictest first.
Label call(Emitter& out, std::span<const ResolvedRule> rules, const Action& fallback) {
  std::vector<const ResolvedRule*> order;
  for (const ResolvedRule& rule : rules) order.push_back(&rule);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->action.kind > b->action.kind; });
  const auto always = std::find_if(order.begin(), order.end(), [](const auto* rule) { return rule->args.empty(); });
  Label next = out.answer(always != order.end() ? (*always)->action : fallback);
  order.erase(always, order.end());  // nothing behind it is ever asked
  for (auto rule = order.rbegin(); rule != order.rend(); ++rule) {
    Label holds = out.answer((*rule)->action);
    for (auto test = (*rule)->args.rbegin(); test != (*rule)->args.rend(); ++test) holds = condition(out, *test, holds, next);
    next = holds;
  }
  return next;
}

struct Range {
  std::uint32_t first;
  Label target;
};

Label search(Emitter& out, std::span<const Range> ranges) {
  if (ranges.size() == 1) return ranges[0].target;
  // One number amid others of one kind takes one comparison rather than two.
  if (ranges.size() == 3 && ranges[0].target == ranges[2].target && ranges[2].first == ranges[1].first + 1) return out.equal(ranges[1].first, ranges[1].target, ranges[0].target);
  const std::size_t middle = ranges.size() / 2;
  const Label upper = search(out, ranges.subspan(middle)), lower = search(out, ranges.first(middle));
  return out.at_least(ranges[middle].first, upper, lower);
}

Label architecture(Emitter& out, const ArchPolicy& arch, const ResolvedPolicy& policy) {
  std::vector<Range> ranges;
  const auto from = [&](std::uint32_t first, Label target) {
    if (!ranges.empty() && ranges.back().first == first) ranges.pop_back();
    if (ranges.empty() || ranges.back().target != target) ranges.push_back({first, target});
  };
  const Label fallback = out.answer(policy.fallback), foreign = out.answer(policy.foreign);
  from(0, fallback);
  for (auto rule = arch.rules.begin(); rule != arch.rules.end();) {
    const auto end = std::find_if(rule, arch.rules.end(), [&](const ResolvedRule& other) { return other.number != rule->number; });
    from(rule->number, call(out, {rule, end}, policy.fallback));
    from(rule->number + 1, fallback);
    rule = end;
  }
  if (arch.arch == Arch::X86_64) {
    from(kFirstX32, foreign);
    from(kNoCall, fallback);
  }
  return out.load(offsetof(seccomp_data, nr), search(out, ranges));
}

}  // namespace

BpfProgram range_program(const ResolvedPolicy& policy) {
  Emitter out;
  Label other = out.answer(policy.foreign);
  for (auto arch = policy.archs.rbegin(); arch != policy.archs.rend(); ++arch) {
    const Label own = architecture(out, *arch, policy);
    other = out.equal(arch->token, own, other);
  }
  out.load(offsetof(seccomp_data, arch), other);
  return std::move(out).finish();
}

}  // namespace immure
