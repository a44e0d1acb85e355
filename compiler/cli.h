// The command line as a value.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "compiler/policy.h"

namespace immure {

enum class Command { Check, Build, Run, View, Diff, Inspect, Emit, Import, Explain, Init, Doctor, Lsp };
enum class DiagnosticFormat { Human, Json, Sarif, Github };
struct EmitFormat;
struct ImportFormat;

struct Options {
  Command command = Command::Check;
  std::vector<std::string> files;  // one, but for `check` and `diff`
  std::string output = "-";        // "-": standard output
  std::vector<std::string> args;   // of `run`, for the program
  DiagnosticFormat format = DiagnosticFormat::Human;
  bool deny_warnings = false;
  bool skip_others = false;            // of `check`: leave out named files that are no profile
  std::vector<std::string> allow;      // of `check`: codes of warnings that do not count
  std::string baseline, new_baseline;  // of `check`: a file to compare with, a file to write
  std::size_t jobs = 0;                // of `check`: threads; 0: one for each processor
  bool json = false;
  bool bpf = false;
  bool host = false;      // of `check`: look at this host's files too
  bool writable = false;  // of `view`
  std::string path;       // of `view`
  const EmitFormat* emit = nullptr;
  const ImportFormat* import = nullptr;
  Arch target = Arch::X86_64;           // of `emit bpf`
  bool text = false, c_header = false;  // of `emit bpf`
  std::string attach;                   // of `emit apparmor`
  std::string topic;                    // of `explain`; the template of `init`
};

/// Where there is nothing left to do: `--help`, `--version`, wrong usage.
struct Farewell {
  int status = 0;
  std::string out;  // for standard output
  std::string err;  // for standard error
};

std::variant<Options, Farewell> parse_command_line(int argc, const char* const* argv);

}  // namespace immure
