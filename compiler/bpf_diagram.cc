// Trying calls shows most mistakes. This shows all of them.
//
// A filter has no loops and no memory, so it is a function of the 512 bits of seccomp_data, and so is a policy. Both are written as decision diagrams: the bits
// are asked in one fixed order, a question whose answer does not matter is left out, and equal parts exist once. In that form a function has one diagram
// (Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", 1986): policy and program say the same on all 2^512 calls if and only if their
// diagrams are the same node. Where they are not, a way on which they part is a call on which they differ.
//
// Comparisons of a word with a constant are at most as many questions as the word has bits, so the diagrams of filters stay small (some thousand nodes). A policy whose
// conditions are so entangled that they do not is refused rather than believed.
//
// Nothing is shared with the interpreter and with `decide` in bpf_check.cc: each of the two proofs would show a mistake in the other.
#include "compiler/bpf_diagram.h"

#include <linux/audit.h>
#include <linux/filter.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace immure {
namespace {

using Node = std::uint32_t;

constexpr std::size_t kMostNodes = std::size_t{1} << 20;
constexpr Node kFalse = 0, kTrue = 1;  // as conditions: the leaves of the words 0 and 1

// The order in which bits are asked, each value from its highest bit down. An argument is one value of 64 bits, its upper word first.
constexpr unsigned kArch = 0, kNumber = 32, kPointer = 64, kArguments = 128, kLeaf = 512;
constexpr unsigned level_of(std::uint32_t offset) {
  if (offset == offsetof(seccomp_data, arch)) return kArch;
  if (offset == offsetof(seccomp_data, nr)) return kNumber;
  return kPointer + (offset - 8) / 8 * 64 + (offset % 8 == 0 ? 32 : 0);
}

enum class Ask { Equal, Greater, AtLeast, AnyBit };

class Diagrams {
 public:
  Diagrams() : slots_(std::size_t{1} << 15), known_(std::size_t{1} << 14) {
    leaf(0);
    leaf(1);
  }

  Node leaf(std::uint32_t word) { return node({kLeaf, word, 0}); }

  /// `condition ? yes : no`
  Node choose(Node condition, Node yes, Node no) {
    if (full_) return kFalse;
    if (condition == kTrue) return yes;
    if (condition == kFalse || yes == no) return no;
    Choice& known = known_[hash(condition, yes, no) % known_.size()];
    if (known.condition == condition && known.yes == yes && known.no == no) return known.result;
    const unsigned level = std::min({nodes_[condition].level, nodes_[yes].level, nodes_[no].level});
    const Node zero = choose(below(condition, level, false), below(yes, level, false), below(no, level, false));
    const Node one = choose(below(condition, level, true), below(yes, level, true), below(no, level, true));
    const Node result = branch(level, zero, one);
    known = {condition, yes, no, result};
    return result;
  }

  /// Whether `value & mask` compares like this with `k`; the value has `width` bits, the first of which is asked at `level`.
  Node compared(Ask ask, unsigned level, unsigned width, std::uint64_t mask, std::uint64_t k) {
    Node lower = ask == Ask::Equal || ask == Ask::AtLeast ? kTrue : kFalse;  // what the bits below decide
    for (unsigned bit = 0; bit < width; ++bit) {
      const unsigned at = level + width - 1 - bit;
      const bool free = (mask >> bit & 1) != 0, one = (k >> bit & 1) != 0;
      if (ask == Ask::AnyBit) lower = free && one ? branch(at, lower, kTrue) : lower;
      else if (one) lower = free ? branch(at, kFalse, lower) : kFalse;
      else if (free) lower = branch(at, lower, ask == Ask::Equal ? kFalse : kTrue);
    }
    return lower;
  }

  bool full() const { return full_; }

  /// A call on which two different functions answer differently.
  seccomp_data parting(Node a, Node b) const {
    seccomp_data call{};
    while (nodes_[a].level != kLeaf || nodes_[b].level != kLeaf) {
      const unsigned level = std::min(nodes_[a].level, nodes_[b].level);
      const bool one = below(a, level, false) == below(b, level, false);  // then they part on the other side
      if (one) set(call, level);
      a = below(a, level, one);
      b = below(b, level, one);
    }
    return call;
  }

 private:
  struct Question {
    unsigned level;  // kLeaf: the answer is in `zero`
    Node zero, one;
    friend bool operator==(const Question&, const Question&) = default;
  };
  struct Choice {
    Node condition = 0, yes = 0, no = 0, result = 0;  // no choice is between 0 and 0
  };
  std::vector<Question> nodes_;
  std::vector<Node> slots_;    // of a hash table: the node and 1
  std::vector<Choice> known_;  // the last choice made of each hash
  bool full_ = false;

  static std::size_t hash(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint64_t mixed = (a * 0x9e37'79b9'7f4a'7c15u) ^ (b * 0xc2b2'ae3d'27d4'eb4fu) ^ (c * 0x1656'67b1'9e37'79f9u);
    mixed ^= mixed >> 32;
    return static_cast<std::size_t>(mixed);
  }
  Node branch(unsigned level, Node zero, Node one) { return zero == one ? zero : node({level, zero, one}); }

  Node node(const Question& wanted) {
    for (std::size_t at = hash(wanted.level, wanted.zero, wanted.one);; ++at) {
      Node& slot = slots_[at % slots_.size()];
      if (slot != 0 && nodes_[slot - 1] == wanted) return slot - 1;
      if (slot != 0) continue;
      if (nodes_.size() == kMostNodes) {
        full_ = true;
        return kFalse;
      }
      nodes_.push_back(wanted);
      slot = static_cast<Node>(nodes_.size());
      if (nodes_.size() * 2 > slots_.size()) grow();
      return static_cast<Node>(nodes_.size() - 1);
    }
  }
  void grow() {
    slots_.assign(slots_.size() * 4, 0);
    for (Node each = 0; each < nodes_.size(); ++each) {
      std::size_t at = hash(nodes_[each].level, nodes_[each].zero, nodes_[each].one);
      while (slots_[at % slots_.size()] != 0) ++at;
      slots_[at % slots_.size()] = each + 1;
    }
  }

  /// What is left of a function when the bit at `level` is known.
  Node below(Node function, unsigned level, bool one) const {
    const Question& question = nodes_[function];
    if (question.level != level) return function;
    return one ? question.one : question.zero;
  }

  static void set(seccomp_data& call, unsigned level) {
    if (level < kNumber) {
      call.arch |= 1u << (31 - level);
    } else if (level < kPointer) {
      call.nr = static_cast<int>(static_cast<std::uint32_t>(call.nr) | 1u << (63 - level));
    } else {
      const unsigned at = level - kPointer;
      (at < 64 ? call.instruction_pointer : call.args[at / 64 - 1]) |= std::uint64_t{1} << (63 - at % 64);
    }
  }
};

// ---- the policy ------------------------------------------------------------------------------------------------------------

Node condition_of(Diagrams& diagrams, const ArgTest& test) {
  const unsigned level = kArguments + 64u * test.index;
  const Node above = diagrams.compared(Ask::Greater, level, 64, test.mask, test.hi);
  const Node within = diagrams.choose(above, kFalse, diagrams.compared(Ask::AtLeast, level, 64, test.mask, test.lo));
  return test.negated ? diagrams.choose(within, kFalse, kTrue) : within;
}

/// The rules of one call: the mildest first, so that stricter ones take over where they hold; the earlier over the later of one kind.
Node call_of(Diagrams& diagrams, std::vector<const ResolvedRule*> rules, Node fallback) {
  std::reverse(rules.begin(), rules.end());
  std::stable_sort(rules.begin(), rules.end(), [](const auto* a, const auto* b) { return a->action.kind < b->action.kind; });
  Node out = fallback;
  for (const ResolvedRule* rule : rules) {
    Node holds = kTrue;
    for (const ArgTest& test : rule->args) holds = diagrams.choose(condition_of(diagrams, test), holds, kFalse);
    out = diagrams.choose(holds, diagrams.leaf(return_word(rule->action)), out);
  }
  return out;
}

Node architecture_of(Diagrams& diagrams, const ArchPolicy& arch, const ResolvedPolicy& policy) {
  const Node fallback = diagrams.leaf(return_word(policy.fallback));
  Node out = fallback;
  if (arch.arch == Arch::X86_64) {  // x32, and no call (-1) after it
    const Node x32 = diagrams.compared(Ask::AtLeast, kNumber, 32, kLow32, 0x4000'0000);
    const Node none = diagrams.compared(Ask::Equal, kNumber, 32, kLow32, 0xffff'ffff);
    out = diagrams.choose(none, fallback, diagrams.choose(x32, diagrams.leaf(return_word(policy.foreign)), fallback));
  }
  for (auto rule = arch.rules.begin(); rule != arch.rules.end();) {
    std::vector<const ResolvedRule*> own;
    const std::uint32_t number = rule->number;
    for (; rule != arch.rules.end() && rule->number == number; ++rule) own.push_back(&*rule);
    out = diagrams.choose(diagrams.compared(Ask::Equal, kNumber, 32, kLow32, number), call_of(diagrams, std::move(own), fallback), out);
  }
  return out;
}

Node is_architecture(Diagrams& diagrams, std::uint32_t token) { return diagrams.compared(Ask::Equal, kArch, 32, kLow32, token); }

Node diagram_of(Diagrams& diagrams, const ResolvedPolicy& policy) {
  Node out = diagrams.leaf(return_word(policy.foreign));
  for (auto arch = policy.archs.rbegin(); arch != policy.archs.rend(); ++arch)
    out = diagrams.choose(is_architecture(diagrams, arch->token), architecture_of(diagrams, *arch, policy), out);
  return out;
}

/// Calls that can be: an architecture of 32 bits has nothing in the upper halves of its registers, and libseccomp does not look there.
Node possible_calls(Diagrams& diagrams, const ResolvedPolicy& policy) {
  Node out = kTrue, narrow = kTrue;
  for (unsigned index = 6; index-- > 0;) narrow = diagrams.choose(diagrams.compared(Ask::Equal, kArguments + 64 * index, 32, kLow32, 0), narrow, kFalse);
  for (const ArchPolicy& arch : policy.archs)
    if ((arch.token & __AUDIT_ARCH_64BIT) == 0) out = diagrams.choose(is_architecture(diagrams, arch.token), narrow, out);
  return out;
}

// ---- the program -----------------------------------------------------------------------------------------------------------

/// What the accumulator holds: the word that was loaded last, masked. The initial 0 is any word under an empty mask.
struct Accumulator {
  std::uint32_t offset = 0, mask = 0;
  friend bool operator==(const Accumulator&, const Accumulator&) = default;
};

class Program {
 public:
  Program(Diagrams& diagrams, const BpfProgram& program) : diagrams_(diagrams), program_(program), arrivals_(program.size()) {}

  /// Jumps go forward only: once from the start for what arrives at each instruction, once from the end for what follows from there.
  Node run() {
    arrive(0, {});
    for (std::size_t at = 0; at < program_.size(); ++at)
      for (std::size_t i = 0; i < arrivals_[at].size(); ++i) step(at, arrivals_[at][i].with);
    for (std::size_t at = program_.size(); at-- > 0;)
      for (Arrival& arrival : arrivals_[at]) arrival.outcome = outcome(at, arrival.with);
    return follow(0, {});
  }

 private:
  struct Arrival {
    Accumulator with;
    Node outcome = kFalse;
  };
  Diagrams& diagrams_;
  const BpfProgram& program_;
  std::vector<std::vector<Arrival>> arrivals_;  // at each instruction; hardly ever more than one

  void arrive(std::size_t at, const Accumulator& with) {
    for (const Arrival& known : arrivals_[at])
      if (known.with == with) return;
    arrivals_[at].push_back({with});
  }
  Node follow(std::size_t at, const Accumulator& with) const {
    for (const Arrival& known : arrivals_[at])
      if (known.with == with) return known.outcome;
    return kFalse;  // never: step() went there
  }

  Accumulator after(const BpfInsn& insn, const Accumulator& with) const {
    if (insn.code == (BPF_LD | BPF_W | BPF_ABS)) return {insn.k, ~0u};
    if (insn.code == (BPF_ALU | BPF_AND | BPF_K)) return {with.offset, with.mask & insn.k};
    return with;
  }
  void step(std::size_t at, const Accumulator with) {
    const BpfInsn& insn = program_[at];
    if (insn.code == (BPF_RET | BPF_K)) return;
    if (insn.code == (BPF_JMP | BPF_JA)) return arrive(at + 1 + insn.k, with);
    if (BPF_CLASS(insn.code) != BPF_JMP) return arrive(at + 1, after(insn, with));
    arrive(at + 1 + insn.jt, with);
    arrive(at + 1 + insn.jf, with);
  }

  Node outcome(std::size_t at, const Accumulator& with) {
    const BpfInsn& insn = program_[at];
    const auto ask = [&](Ask question) {
      const Node condition = diagrams_.compared(question, level_of(with.offset), 32, with.mask, insn.k);
      return diagrams_.choose(condition, follow(at + 1 + insn.jt, with), follow(at + 1 + insn.jf, with));
    };
    switch (insn.code) {
      case BPF_RET | BPF_K: return diagrams_.leaf(insn.k);
      case BPF_JMP | BPF_JA: return follow(at + 1 + insn.k, with);
      case BPF_JMP | BPF_JEQ | BPF_K: return ask(Ask::Equal);
      case BPF_JMP | BPF_JGT | BPF_K: return ask(Ask::Greater);
      case BPF_JMP | BPF_JGE | BPF_K: return ask(Ask::AtLeast);
      case BPF_JMP | BPF_JSET | BPF_K: return ask(Ask::AnyBit);
      default: return follow(at + 1, after(insn, with));
    }
  }
};

}  // namespace

Everywhere compare_everywhere(const ResolvedPolicy& policy, const BpfProgram& program) {
  Diagrams diagrams;
  const Node possible = possible_calls(diagrams, policy);
  const Node said = diagrams.choose(possible, diagram_of(diagrams, policy), kFalse);
  const Node done = diagrams.choose(possible, Program(diagrams, program).run(), kFalse);
  if (diagrams.full()) return {Everywhere::Verdict::TooEntangled, {}};
  if (said == done) return {};
  return {Everywhere::Verdict::Different, diagrams.parting(said, done)};
}

}  // namespace immure
