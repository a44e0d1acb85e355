// `immure explain CALL FILE ARGS…`: how the profile's filter answers one call, and which line or preset decides it.
//
// The answer is read off the finished program, the reason off the policy; the proof says that they agree.
#include <linux/seccomp.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "compiler/bpf_check.h"
#include "compiler/commands.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"
#include "compiler/suggest.h"
#include "compiler/syscall_values.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

constexpr std::size_t kMostArguments = 6;

std::optional<std::uint64_t> number_in(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const std::uint64_t value = std::strtoull(text.c_str(), &end, 0);
  const bool whole = !text.empty() && *end == '\0' && errno == 0 && std::strchr("-0123456789", text[0]) != nullptr;
  return whole ? std::optional(value) : std::nullopt;
}

/// A number, or names and numbers with `|` between them; what is wrong has been said.
std::optional<std::uint64_t> argument(const std::string& text) {
  std::uint64_t out = 0;
  for (const std::string_view part : joined_names(text)) {
    std::optional<std::uint64_t> value = syscall_value(part);
    if (!value) value = number_in(std::string(part));
    if (!value) {
      const auto near = nearest(part, syscall_value_names());
      complain("`" + std::string(part) + "` is no value that is known by name, and no number" + (near ? "; did you mean `" + std::string(*near) + "`?" : ""));
      return std::nullopt;
    }
    out |= *value;
  }
  return out;
}

std::optional<std::vector<std::uint64_t>> arguments(const std::vector<std::string>& texts) {
  if (texts.size() > kMostArguments) {
    complain("a system call has at most 6 arguments");
    return std::nullopt;
  }
  std::vector<std::uint64_t> out;
  for (const std::string& text : texts) {
    const std::optional<std::uint64_t> value = argument(text);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

bool is_call(const std::string& name) {
  if (number_in(name) || is_syscall(name)) return true;
  const std::vector<std::string> names = syscall_names();
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(name, views);
  complain("there is no system call `" + name + "`" + (near ? "; did you mean `" + std::string(*near) + "`?" : ""));
  return false;
}

// ---- words -----------------------------------------------------------------------------------------------------------

std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, value < 10 ? "%llu" : "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string in_words(std::uint32_t answer) {
  const auto error = static_cast<int>(answer & SECCOMP_RET_DATA);
  switch (answer & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW: return "goes to the kernel";
    case SECCOMP_RET_LOG: return "goes to the kernel and is logged";
    case SECCOMP_RET_TRAP: return "raises SIGSYS";
    case SECCOMP_RET_KILL_THREAD: return "ends the thread";
    case SECCOMP_RET_KILL_PROCESS: return "ends the process";
    default: {
      const char* name = strerrorname_np(error);
      return "fails with " + (name != nullptr ? std::string(name) : "error " + std::to_string(error));
    }
  }
}

std::string in_words(const ArgTest& test) {
  const std::string at = "argument " + std::to_string(test.index);
  const std::string what = test.mask == kAllBits ? at : test.mask == kLow32 ? "the low half of " + at : at + " & " + hex(test.mask);
  const std::string is = test.negated ? " is not " : " is ";
  if (test.lo == test.hi) return what + is + hex(test.lo);
  if (test.lo == 0) return what + is + "at most " + hex(test.hi);
  if (test.hi >= test.mask) return what + is + "at least " + hex(test.lo);
  return what + is + "from " + hex(test.lo) + " to " + hex(test.hi);
}

std::string in_words(const std::vector<ArgTest>& tests) {
  std::string out;
  for (const ArgTest& test : tests) out += (out.empty() ? "" : " and ") + in_words(test);
  return out;
}

// ---- the answer ------------------------------------------------------------------------------------------------------

class Explanation {
 public:
  Explanation(const Session& session, const Profile& profile, const SyscallPolicy& policy, const BpfProgram& program)
      : session_(session), profile_(profile), policy_(policy), resolved_(resolve_numbers(policy)), program_(program) {}

  std::string run(const std::string& name, const std::vector<std::uint64_t>& values) {
    out_ = heading(name, values) + '\n';
    for (const ArchPolicy& arch : resolved_.archs) on(arch, name, values);
    return out_;
  }

 private:
  const Session& session_;
  const Profile& profile_;
  const SyscallPolicy& policy_;
  const ResolvedPolicy resolved_;
  const BpfProgram& program_;
  std::string out_;

  std::string heading(const std::string& name, const std::vector<std::uint64_t>& values) const {
    std::string out = name + "(";
    for (std::size_t i = 0; i < values.size(); ++i) out += (i == 0 ? "" : ", ") + session_.options.args[i];
    return out + ")";
  }
  std::string at(Span span) const { return span.known() ? session_.sources.file(span.file).name() + ":" + std::to_string(session_.sources.line(span)) : ""; }

  void on(const ArchPolicy& arch, const std::string& name, const std::vector<std::uint64_t>& values) {
    const std::optional<std::uint64_t> given = number_in(name);
    const int number = given ? static_cast<int>(*given) : syscall_number(arch.arch, name);
    if (number < 0 && !given) {
      out_ += std::string("  ") + name_of(arch.arch) + " has no such call\n";
      return;
    }
    seccomp_data call{};
    call.nr = number;
    call.arch = arch.token;
    const std::uint64_t register_bits = arch.arch == Arch::X86 || arch.arch == Arch::Arm ? kLow32 : kAllBits;
    for (std::size_t i = 0; i < values.size(); ++i) call.args[i] = values[i] & register_bits;
    const ResolvedRule* rule = deciding_rule(resolved_, call);
    const std::uint32_t answer = evaluate(program_, call);
    out_ += std::string("  on ") + name_of(arch.arch) + ", " + called(arch, name, number) + ": " + in_words(answer) + '\n';
    out_ += "    because of " + (rule != nullptr ? reason(policy_.rules[rule->from]) : reason_without_rule(answer)) + '\n';
    others(arch, static_cast<std::uint32_t>(number), rule);
  }
  std::string called(const ArchPolicy& arch, const std::string& name, int number) const {
    const std::string known = syscall_name(arch.token, static_cast<std::uint32_t>(number));
    return number_in(name) ? known.empty() ? "no call that is known" : "`" + known + "`" : "as call " + std::to_string(number);
  }

  std::string reason(const SyscallRule& rule) const {
    const std::string when = rule.args.empty() ? "" : ", as " + in_words(rule.args);
    if (rule.origin == "rule") return "the rule at " + at(rule.span) + when;
    if (rule.origin == "oci") return "the OCI profile of " + at(rule.span) + when;
    const Span presets = profile_.seccomp.presets.span;
    return "the preset `" + rule.origin + "`" + (presets.known() ? " (" + at(presets) + ")" : ", there by default") + when;
  }
  std::string reason_without_rule(std::uint32_t answer) const {
    if (answer == return_word(resolved_.foreign) && answer != return_word(policy_.fallback)) return "its number: it belongs to x32, another architecture";
    const Span place = profile_.seccomp.default_.span;
    if (place.known()) return "the default at " + at(place) + ": no rule matches";
    return policy_.fallback.kind == ActionKind::Allow ? "no rule: a call that none matches is the kernel's" : "the OCI profile's default: no rule matches";
  }

  /// What else is said of this call: why other arguments may fare otherwise, or what was beaten.
  void others(const ArchPolicy& arch, std::uint32_t number, const ResolvedRule* deciding) {
    for (const ResolvedRule& rule : arch.rules)
      if (rule.number == number && &rule != deciding)
        out_ += "    also: " + in_words(return_word(rule.action)) + (rule.args.empty() ? "" : " when " + in_words(rule.args)) + ", by " + origin(policy_.rules[rule.from]) + '\n';
  }
  std::string origin(const SyscallRule& rule) const {
    if (rule.origin == "rule") return "the rule at " + at(rule.span);
    return rule.origin == "oci" ? "the OCI profile" : "`" + rule.origin + "`";
  }
};

}  // namespace

int explain_call(Session& session) {
  const std::string& name = session.options.topic;
  if (!is_call(name)) return kUsageOrIo;
  const std::optional<std::vector<std::uint64_t>> values = arguments(session.options.args);
  if (!values) return kUsageOrIo;
  const Judged judged = judge(session, session.options.files[0]);
  if (!judged.profile || session.diags.has_errors()) {
    report(session);
    return session.status();
  }
  const std::optional<SyscallPolicy> policy = program_policy(*judged.profile, session.options.target);
  if (!policy) return print(name + "\n  goes to the kernel\n    because this profile has no filter\n");
  const std::optional<BpfProgram> program = filter_of(session, *policy, judged.profile->seccomp.optimize.span);
  if (program) return print(Explanation(session, *judged.profile, *policy, *program).run(name, *values));
  report(session);
  return session.status();
}

}  // namespace immure
