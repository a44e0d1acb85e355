// `immure emit bpf`: the program's filter alone, for any target: raw for the kernel, `--text` for people, `--c-header` for programs that install it themselves.
#include <cctype>
#include <cstdio>
#include <sstream>

#include "compiler/bpf_text.h"
#include "compiler/emit.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

/// The name as C would have it: letters, digits and `_`, no digit first.
std::string identifier(const std::string& name) {
  std::string out = std::isdigit(static_cast<unsigned char>(name[0])) != 0 ? "_" : "";
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return out;
}

/// One instruction a line, with what it does beside it: the two can be compared by eye.
std::string c_header(const BpfProgram& filter, const std::string& name, Arch target) {
  const std::string array = identifier(name) + "_filter";
  std::istringstream lines(disassemble(filter, syscall_name));
  std::string out = "/* The system call filter of the profile `" + name + "` for " + name_of(target) + ", made by immure " IMMURE_VERSION ".\n" +
                    " * Install it with struct sock_fprog { .len = " + std::to_string(filter.size()) + ", .filter = " + array + " }, after PR_SET_NO_NEW_PRIVS. */\n" +
                    "#pragma once\n#include <linux/filter.h>\n\nstatic struct sock_filter " + array + "[" + std::to_string(filter.size()) + "] = {\n";
  for (const BpfInsn& insn : filter) {
    std::string meaning;
    std::getline(lines, meaning);
    char words[64];
    std::snprintf(words, sizeof words, "  {0x%02x, %3u, %3u, 0x%08x},", insn.code, insn.jt, insn.jf, insn.k);
    out += std::string(words) + "  /* " + meaning + " */\n";
  }
  return out + "};\n";
}

}  // namespace

int emit_bpf(Session& session) {
  const Options& options = session.options;
  const Judged judged = judge(session, options.files[0]);
  std::optional<BpfProgram> filter;
  if (judged.profile && !session.diags.has_errors()) {
    const std::optional<SyscallPolicy> policy = program_policy(*judged.profile, options.target, &session.diags);  // what is said of x86_64 is there already
    if (!session.diags.has_errors()) filter = policy ? filter_of(session, *policy, judged.profile->seccomp.optimize.span) : BpfProgram();
  }
  report(session);
  if (!filter) return session.status();
  if (options.text) return deliver(session, disassemble(*filter, syscall_name), 0644, true);
  if (options.c_header) return deliver(session, c_header(*filter, *judged.profile->top.name, options.target), 0644, true);
  return deliver(session, {reinterpret_cast<const char*>(filter->data()), filter->size() * sizeof(BpfInsn)}, 0644, false);
}

}  // namespace immure
