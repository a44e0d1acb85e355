// See pipeline.h.
#include "compiler/pipeline.h"

#include "compiler/allowances.h"
#include "compiler/bind_variables.h"
#include "compiler/bpf_check.h"
#include "compiler/check.h"
#include "compiler/check_host.h"
#include "compiler/check_own_files.h"
#include "compiler/embedded.h"
#include "compiler/encode.h"
#include "compiler/internal_error.h"
#include "compiler/large_heap.h"
#include "compiler/link.h"
#include "compiler/lower.h"
#include "compiler/output_file.h"
#include "compiler/presets.h"
#include "compiler/resolve.h"
#include "compiler/seccomp.h"

namespace immure {
namespace {

constexpr std::size_t kMaxFilter = 4096;  // BPF_MAXINSNS

/// The files that confine the program, as far as they are files of this host: the profile, its fragments, and what `build` makes.
std::vector<OwnFile> own_files(const Session& session, const HostFiles& files) {
  std::vector<OwnFile> out;
  if (session.options.command != Command::Build)
    for (const std::string& input : session.inputs()) out.push_back({"the profile", files.real_path(input)});
  if (session.options.command == Command::Build && session.options.output != "-") {
    // It need not be there yet, its directory has to be.
    const std::string& output = session.options.output;
    const std::string directory = files.real_path(directory_of(output));
    if (!directory.empty()) out.push_back({"the launcher", directory + "/" + output.substr(output.rfind('/') + 1)});
  }
  return out;
}

}  // namespace

Judged judge(Session& session, const std::string& path) {
  const FileText text = read_file(path, kMaxFileBytes);
  if (text.error != 0) session.unreadable = true;
  expect_text(text.text.size());
  return judge_text(session, path, text);
}

Judged judge_text(Session& session, const std::string& path, const FileText& text, Part part) {
  const ReadFile reader = [&](const std::string& wanted) { return wanted == path ? text : read_file(wanted, kMaxFileBytes); };
  const std::uint32_t main = session.sources.size();
  Judged out;
  // The profile with its fragments merged into it, every default filled in.
  out.profile = load_profile(path, session.sources, reader, session.diags, part);
  if (out.profile) {
    // The filesystem as the program will see it.
    out.view = simulate(*out.profile, session.diags);
    // What no single key or op can show.
    check(*out.profile, *out.view, session.diags);
    // What only this machine's files can show.
    const std::unique_ptr<HostFiles> files = host_files();
    if (session.options.host) check_host(*out.profile, *out.view, *files, session.diags);
    Diagnostics told;  // what is wrong with the variables is said by the checks above, or by the launcher
    const bool of_this_launch = session.options.host || session.options.command == Command::Run;
    if (of_this_launch || session.options.command == Command::Build)
      check_own_files(of_this_launch ? bind_variables(*out.profile, *files, told) : *out.profile, own_files(session, *files), *files, session.diags);
  }
  // What the author has looked at and means.
  apply_allowances(session.sources, main, session.options.host, out.view.has_value(), session.diags);
  return out;
}

std::optional<BpfProgram> filter_of(Session& session, const SyscallPolicy& policy, Span place) {
  BpfProgram program = compile_filter(policy);
  if (program.size() > kMaxFilter) {
    session.diags.add(Code::FilterTooLong, place, "the filter has " + std::to_string(program.size()) + " instructions; the kernel takes " + std::to_string(kMaxFilter));
    return std::nullopt;
  }
  const std::optional<std::string> difference = disprove_filter(resolve_numbers(policy), program);
  if (!difference) return program;
  if (policy.shape == FilterShape::Ranges || policy.compat) throw InternalError("the filter does not say what the policy says: " + *difference);
  session.diags.add(Code::FilterTooLong, place, "libseccomp makes no filter of these rules that says the same: " + *difference).help("`optimize = \"ranges\"` can say them");
  return std::nullopt;
}

std::optional<Plan> compile(Session& session, const std::string& path) {
  const Judged judged = judge(session, path);
  if (session.diags.has_errors() || !judged.profile) return std::nullopt;
  // Every default explicit, every op in the runtime's own terms. From here on the plan is only added to by the filters.
  Plan plan = lower(*judged.profile, *judged.view, session.sources);
  // The program's filter and init's own.
  if (const std::optional<SyscallPolicy> policy = program_policy(*judged.profile)) {
    std::optional<BpfProgram> filter = filter_of(session, *policy, judged.profile->seccomp.optimize.span);
    if (!filter) return std::nullopt;
    plan.filter = *std::move(filter);
  }
  plan.init_filter = *filter_of(session, init_policy(), {});
  return plan;
}

std::optional<Compiled> compile_launcher(Session& session, const std::string& path) {
  std::optional<Plan> plan = compile(session, path);
  if (!plan) return std::nullopt;
  std::string image = encode(*plan, session.diags);
  if (image.empty()) return std::nullopt;
  std::string launcher = link(embedded_stub(), image);
  return Compiled{*std::move(plan), std::move(image), std::move(launcher)};
}

}  // namespace immure
