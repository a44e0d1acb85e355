// The immure command: the list of passes, and what each subcommand does with their results.
//
// Reading files happens here and nowhere else in the compiler; writing them in output_file.cc. Exit status: 0 clean, 1 the input has errors, 2 wrong usage or
// a file that cannot be read or written.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>

#include "compiler/bpf_check.h"
#include "compiler/check.h"
#include "compiler/check_host.h"
#include "compiler/cli.h"
#include "compiler/decode_image.h"
#include "compiler/diag_json.h"
#include "compiler/diag_text.h"
#include "compiler/diff.h"
#include "compiler/embedded.h"
#include "compiler/encode.h"
#include "compiler/execute.h"
#include "compiler/inspect.h"
#include "compiler/internal_error.h"
#include "compiler/link.h"
#include "compiler/lower.h"
#include "compiler/output_file.h"
#include "compiler/presets.h"
#include "compiler/resolve.h"
#include "compiler/seccomp.h"
#include "compiler/suggest.h"
#include "compiler/syscalls.h"
#include "compiler/view_text.h"

namespace immure {
namespace {

constexpr std::size_t kMaxFilter = 4096;  // BPF_MAXINSNS
constexpr int kClean = 0, kHasErrors = 1, kUsageOrIo = 2;

/// What one run of the command collects.
struct Run {
  const Options& options;
  Sources sources;
  Diagnostics diags;
  bool unreadable = false;  // a file named on the command line could not be read
};

// ---- reading and speaking ---------------------------------------------------------------------------------------------

FileText read_file(const std::string& path, std::size_t limit) {
  FileText out;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return {{}, errno};
  char buffer[1 << 16];
  while (out.error == 0 && out.text.size() <= limit) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got == 0) break;
    if (got > 0) out.text.append(buffer, static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR) out.error = errno;
  }
  close(fd);
  return out;
}

void complain(const std::string& message) { (void)!write_all(2, "immure: " + message + '\n'); }

/// To standard output; what cannot be written there is an error like any other.
int print(std::string_view text) {
  const int error = write_all(1, text);
  if (error == 0) return kClean;
  complain(std::string("cannot write to standard output: ") + std::strerror(error));
  return kUsageOrIo;
}

int say(const Farewell& farewell) {
  (void)!write_all(2, farewell.err);
  return std::max(farewell.status, print(farewell.out));
}

bool wants_colour(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool refused = (no_color != nullptr && *no_color != '\0') || (terminal != nullptr && std::string_view(terminal) == "dumb");
  return isatty(fd) == 1 && !refused;
}

void report(const Run& run) { (void)!write_all(2, render_human(run.diags, run.sources, wants_colour(2))); }

int status_of(const Run& run) {
  if (run.unreadable) return kUsageOrIo;
  return run.diags.has_errors() || (run.options.deny_warnings && run.diags.warnings() != 0) ? kHasErrors : kClean;
}

// ---- the passes ------------------------------------------------------------------------------------------------------

/// Text -> profile, judged.
struct Judged {
  std::optional<Profile> profile;
  std::optional<View> view;
};
Judged judge(Run& run, const std::string& path) {
  const ReadFile reader = [&](const std::string& wanted) {
    FileText file = read_file(wanted, kMaxFileBytes);
    if (file.error != 0 && wanted == path) run.unreadable = true;
    return file;
  };
  Judged out;
  // The profile with its fragments merged into it, every default filled in.
  out.profile = load_profile(path, run.sources, reader, run.diags);
  if (!out.profile) return out;
  // The filesystem as the program will see it.
  out.view = simulate(*out.profile, run.diags);
  // What no single key or op can show.
  check(*out.profile, *out.view, run.diags);
  // What only this machine's files can show.
  if (run.options.host) check_host(*out.profile, *out.view, *host_files(), run.diags);
  return out;
}

/// Policy -> BPF, proved. `place`: where the profile speaks of it. Nothing where these rules make no program, which is reported.
std::optional<BpfProgram> filter_of(Run& run, const SyscallPolicy& policy, Span place) {
  BpfProgram program = compile_filter(policy);
  if (program.size() > kMaxFilter) {
    run.diags.add(Code::FilterTooLong, place, "the filter has " + std::to_string(program.size()) + " instructions; the kernel takes " + std::to_string(kMaxFilter));
    return std::nullopt;
  }
  const std::optional<std::string> difference = disprove_filter(resolve_numbers(policy), program);
  if (!difference) return program;
  if (policy.shape == FilterShape::Ranges || policy.compat) throw InternalError("the filter does not say what the policy says: " + *difference);
  run.diags.add(Code::FilterTooLong, place, "libseccomp makes no filter of these rules that says the same: " + *difference).help("`optimize = \"ranges\"` can say them");
  return std::nullopt;
}

/// Text -> plan; nothing where there were errors.
std::optional<Plan> compile(Run& run, const std::string& path) {
  const Judged judged = judge(run, path);
  if (run.diags.has_errors() || !judged.profile) return std::nullopt;
  // Every default explicit, every op in the runtime's own terms. From here on the plan is only added to by the filters.
  Plan plan = lower(*judged.profile, *judged.view, run.sources);
  // The program's filter and init's own.
  if (const std::optional<SyscallPolicy> policy = program_policy(*judged.profile)) {
    std::optional<BpfProgram> filter = filter_of(run, *policy, judged.profile->seccomp.optimize.span);
    if (!filter) return std::nullopt;
    plan.filter = *std::move(filter);
  }
  plan.init_filter = *filter_of(run, init_policy(), {});
  return plan;
}

/// Text -> launcher.
struct Compiled {
  Plan plan;
  std::string image;
  std::string launcher;
};
std::optional<Compiled> compile_launcher(Run& run, const std::string& path) {
  std::optional<Plan> plan = compile(run, path);
  if (!plan) return std::nullopt;
  std::string image = encode(*plan, run.diags);
  if (image.empty()) return std::nullopt;
  std::string launcher = link(embedded_stub(), image);
  return Compiled{*std::move(plan), std::move(image), std::move(launcher)};
}

// ---- the subcommands -------------------------------------------------------------------------------------------------

int check_files(Run& run) {
  for (const std::string& path : run.options.files) (void)judge(run, path);
  int status = status_of(run);
  switch (run.options.format) {
    case DiagnosticFormat::Json: status = std::max(status, print(render_json(run.diags, run.sources))); break;
    case DiagnosticFormat::Human:
      report(run);
      if (const std::string counts = summary(run.diags); !counts.empty()) (void)!write_all(2, counts + '\n');
  }
  return status;
}

std::vector<std::string> inputs(const Run& run) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < run.sources.size(); ++i) out.push_back(run.sources.file(i).name());
  return out;
}

/// The one way out for what a command produces. Bytes that are no text are not poured onto a terminal.
int deliver(Run& run, std::string_view bytes, unsigned mode, bool text) {
  if (run.options.output == "-") {
    if (text || isatty(1) != 1) return print(bytes);
    complain("this is binary and standard output is a terminal: name a file with -o");
    return kUsageOrIo;
  }
  Diagnostics failure;
  if (write_output(run.options.output, bytes, mode, inputs(run), failure)) return kClean;
  (void)!write_all(2, render_human(failure, run.sources, wants_colour(2)));
  return kUsageOrIo;
}

int build(Run& run) {
  const std::optional<Compiled> compiled = compile_launcher(run, run.options.files[0]);
  report(run);
  return compiled ? deliver(run, compiled->launcher, 0755, false) : status_of(run);
}

int run_launcher(Run& run) {
  const std::optional<Compiled> compiled = compile_launcher(run, run.options.files[0]);
  report(run);
  if (!compiled) return status_of(run);
  std::signal(SIGPIPE, SIG_DFL);  // ours alone, see main
  const int error = execute(compiled->plan.name, compiled->launcher, run.options.args);
  complain(std::string("cannot execute the launcher: ") + std::strerror(error));
  return kUsageOrIo;
}

int view(Run& run) {
  const Judged judged = judge(run, run.options.files[0]);
  report(run);
  if (!judged.view || run.diags.has_errors()) return status_of(run);
  const Options& options = run.options;
  return print(view_text(*judged.profile, *judged.view, run.sources, {options.writable, options.json, wants_colour(1), options.path}));
}

/// What diff compares of a profile.
struct Side {
  Judged judged;
  std::optional<ResolvedPolicy> filter;
  Compared compared() const { return {*judged.profile, *judged.view, filter}; }
};
std::optional<Side> side(Run& run, const std::string& path) {
  Side out{judge(run, path), {}};
  if (!out.judged.view || run.diags.has_errors()) return std::nullopt;
  if (const std::optional<SyscallPolicy> policy = program_policy(*out.judged.profile)) out.filter = resolve_numbers(*policy);
  return out;
}

int diff_profiles(Run& run) {
  const std::optional<Side> before = side(run, run.options.files[0]), after = side(run, run.options.files[1]);
  if (!before || !after) {
    report(run);
    return status_of(run);
  }
  const std::vector<Change> changes = diff(before->compared(), after->compared(), run.sources, syscall_name);
  const int status = print(run.options.json ? diff_json(changes, run.sources) : diff_text(changes, run.sources, wants_colour(1)));
  return std::max(status, grants(changes) ? kHasErrors : kClean);
}

int show(const Run& run, const Inspected& what) {
  const auto inspect = run.options.json ? inspect_json : inspect_text;
  return print(inspect(what, run.options.bpf, syscall_name));
}

int inspect_launcher(Run& run, const std::string& path, std::string_view launcher) {
  const std::optional<std::string_view> image = find_image(launcher);
  if (!image) {
    complain('`' + path + "` is an ELF file without a plan in it");
    return kHasErrors;
  }
  wire::Reader reader;
  const char* problem = wire::Reader::verify(reinterpret_cast<const unsigned char*>(image->data()), image->size(), reader);
  if (problem != nullptr) {
    complain('`' + path + "`: " + problem);
    return kHasErrors;
  }
  const Plan plan = decode_image(reader);
  return show(run, {plan, launcher, *image});
}

int inspect(Run& run) {
  const std::string& path = run.options.files[0];
  const FileText file = read_file(path, wire::kMaxImage + embedded_stub().size() * 2);
  if (file.error == 0 && file.text.starts_with("\x7f" "ELF")) return inspect_launcher(run, path, file.text);
  const std::optional<Compiled> compiled = compile_launcher(run, path);
  report(run);
  return compiled ? show(run, {compiled->plan, compiled->launcher, compiled->image}) : status_of(run);
}

/// The filter alone, for any target; empty where there is none.
int emit_filter(Run& run) {
  const Judged judged = judge(run, run.options.files[0]);
  std::optional<BpfProgram> filter;
  if (judged.profile && !run.diags.has_errors()) {
    const std::optional<SyscallPolicy> policy = program_policy(*judged.profile, run.options.target);
    filter = policy ? filter_of(run, *policy, judged.profile->seccomp.optimize.span) : BpfProgram();
  }
  report(run);
  if (!filter) return status_of(run);
  return deliver(run, {reinterpret_cast<const char*>(filter->data()), filter->size() * sizeof(BpfInsn)}, 0644, false);
}

int emit(Run& run) {
  if (run.options.emit == EmitFormat::Schema) return deliver(run, embedded_schema(), 0644, true);
  if (run.options.emit == EmitFormat::Bpf) return emit_filter(run);
  const std::optional<Compiled> compiled = compile_launcher(run, run.options.files[0]);
  report(run);
  if (!compiled) return status_of(run);
  return deliver(run, inspect_json({compiled->plan, compiled->launcher, compiled->image}, false, syscall_name), 0644, true);
}

std::string story(const CodeInfo& about) {
  std::string out = std::string(about.id) + ": " + std::string(about.title) + "\n\n" + std::string(about.story) + '\n';
  if (!about.failing.empty()) out += "\nThis gives it:\n\n" + std::string(about.failing);
  if (!about.mended.empty()) out += "\nThis does not:\n\n" + std::string(about.mended);
  return out;
}

int explain(Run& run) {
  std::string topic = run.options.topic;
  if (topic.starts_with("immure:"))
    if (const std::optional<std::string_view> fragment = embedded_fragment(topic.substr(7))) return print(*fragment);
  std::transform(topic.begin(), topic.end(), topic.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::vector<std::string_view> codes;
  for (const CodeInfo& about : catalogue()) {
    if (about.id == topic) return print(story(about));
    codes.push_back(about.id);
  }
  const std::optional<std::string_view> meant = nearest(topic, codes);
  complain("nothing is known about `" + run.options.topic + "`" + (meant ? "; did you mean `" + std::string(*meant) + "`?" : ""));
  return kUsageOrIo;
}

int dispatch(Run& run) {
  switch (run.options.command) {
    case Command::Check: return check_files(run);
    case Command::Build: return build(run);
    case Command::Run: return run_launcher(run);
    case Command::View: return view(run);
    case Command::Diff: return diff_profiles(run);
    case Command::Inspect: return inspect(run);
    case Command::Emit: return emit(run);
    case Command::Explain: return explain(run);
  }
  return kUsageOrIo;
}

/// A descriptor 0 to 2 that the caller left closed would be given to the next file that is opened, and messages would go into it. What stands in
/// for it cannot be written, so that a closed output is still an error.
void fill_standard_descriptors() {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && fd <= 2) fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd > 2) close(fd);
}

}  // namespace
}  // namespace immure

int main(int argc, char** argv) {
  using namespace immure;
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an errno with a message, not a silent death
  try {
    const std::variant<Options, Farewell> parsed = parse_command_line(argc, argv);
    if (const Farewell* farewell = std::get_if<Farewell>(&parsed)) return say(*farewell);
    Run run{std::get<Options>(parsed), {}, {}};
    return dispatch(run);
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(std::string("internal error: ") + error.what() + "; this is a fault of immure, not of your profile: please report it");
  }
  return kUsageOrIo;
}
