// The disassembly.
//
// A number in a comparison means a call, an architecture or half an argument, according to what was loaded last. Jumps go forward only, so one pass
// from the start knows for each instruction what the accumulator holds there and which architecture it is about; where two ways
// meet that disagree, the answer is "unknown" and the number stays a number.
#include "compiler/bpf_text.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <optional>
#include <vector>

namespace immure {
namespace {

constexpr std::uint32_t kUnknown = ~0u;

/// What is known when an instruction is reached.
struct Known {
  std::uint32_t loaded = kUnknown;  // offset into seccomp_data
  std::uint32_t arch = kUnknown;
};

std::string hex(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", value);
  return text;
}

std::string field(std::uint32_t offset) {
  if (offset == offsetof(seccomp_data, nr)) return "nr";
  if (offset == offsetof(seccomp_data, arch)) return "arch";
  if (offset < offsetof(seccomp_data, args)) return offset == offsetof(seccomp_data, instruction_pointer) ? "ip.lo" : "ip.hi";
  const std::uint32_t word = (offset - static_cast<std::uint32_t>(offsetof(seccomp_data, args))) / 4;
  return "args[" + std::to_string(word / 2) + (word % 2 == 0 ? "].lo" : "].hi");
}

std::string arch_name(std::uint32_t token) {
  switch (token) {
    case AUDIT_ARCH_X86_64: return "x86_64";
    case AUDIT_ARCH_I386: return "i386";
    case AUDIT_ARCH_AARCH64: return "aarch64";
    default: return hex(token);
  }
}

std::string answer(std::uint32_t word) {
  const std::uint32_t data = word & SECCOMP_RET_DATA;
  switch (word & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW: return "allow";
    case SECCOMP_RET_LOG: return "log";
    case SECCOMP_RET_TRAP: return "trap";
    case SECCOMP_RET_KILL_THREAD: return "kill-thread";
    case SECCOMP_RET_KILL_PROCESS: return "kill-process";
    case SECCOMP_RET_ERRNO: {
      const char* name = strerrorname_np(static_cast<int>(data));
      return name != nullptr ? name : "errno " + std::to_string(data);
    }
    default: return hex(word);
  }
}

class Disassembly {
 public:
  Disassembly(const BpfProgram& program, const CallName& call_name) : program_(program), call_name_(call_name), known_(program.size()) {}

  std::string run() {
    std::string out;
    arrive(0, {});
    for (std::size_t at = 0; at < program_.size(); ++at) {
      char number[24];
      std::snprintf(number, sizeof number, "%4zu  ", at);
      out += number + line(at) + '\n';
    }
    return out;
  }

 private:
  void arrive(std::size_t at, const Known& with) {
    if (at >= known_.size()) return;
    if (!known_[at]) {
      known_[at] = with;
      return;
    }
    if (known_[at]->loaded != with.loaded) known_[at]->loaded = kUnknown;
    if (known_[at]->arch != with.arch) known_[at]->arch = kUnknown;
  }

  std::string constant(const Known& known, std::uint32_t value) const {
    if (known.loaded == offsetof(seccomp_data, arch)) return arch_name(value);
    if (known.loaded != offsetof(seccomp_data, nr)) return hex(value);
    const std::string name = call_name_(known.arch, value);
    return std::to_string(value) + (name.empty() ? "" : " (" + name + ')');
  }

  std::string jump(std::size_t at, const Known& known, const char* comparison) {
    const BpfInsn& insn = program_[at];
    const std::size_t yes = at + 1 + insn.jt, no = at + 1 + insn.jf;
    Known if_equal = known;
    if (known.loaded == offsetof(seccomp_data, arch) && insn.code == (BPF_JMP | BPF_JEQ | BPF_K)) if_equal.arch = insn.k;
    arrive(yes, if_equal);
    arrive(no, known);
    return "if " + (known.loaded == kUnknown ? std::string("a") : field(known.loaded)) + ' ' + comparison + ' ' + constant(known, insn.k) +
           (yes != at + 1 ? " goto " + std::to_string(yes) : "") + (no != at + 1 ? " else goto " + std::to_string(no) : "");
  }

  std::string line(std::size_t at) {
    const BpfInsn& insn = program_[at];
    Known known = known_[at].value_or(Known{});
    switch (insn.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        known.loaded = insn.k;
        arrive(at + 1, known);
        return "load " + field(insn.k);
      case BPF_ALU | BPF_AND | BPF_K: arrive(at + 1, known); return "and " + hex(insn.k);
      case BPF_JMP | BPF_JA: arrive(at + 1 + insn.k, known); return "goto " + std::to_string(at + 1 + insn.k);
      case BPF_JMP | BPF_JEQ | BPF_K: return jump(at, known, "==");
      case BPF_JMP | BPF_JGT | BPF_K: return jump(at, known, ">");
      case BPF_JMP | BPF_JGE | BPF_K: return jump(at, known, ">=");
      case BPF_JMP | BPF_JSET | BPF_K: return jump(at, known, "&");
      case BPF_RET | BPF_K: return "return " + answer(insn.k);
      default: return "code " + hex(insn.code) + " jt " + std::to_string(insn.jt) + " jf " + std::to_string(insn.jf) + " k " + hex(insn.k);
    }
  }

  const BpfProgram& program_;
  const CallName& call_name_;
  std::vector<std::optional<Known>> known_;
};

}  // namespace

std::string disassemble(const BpfProgram& program, const CallName& call_name) { return Disassembly(program, call_name).run(); }

}  // namespace immure
