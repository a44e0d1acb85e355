// argv -> Options. The only place that knows CLI11.
//
// One function per subcommand, so that a new one is one function here, one case in main.cc. Each `--help` ends in an example.
#include "compiler/cli.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>

#include "compiler/completions.h"
#include "compiler/diag.h"
#include "compiler/embedded.h"
#include "compiler/emit.h"
#include "compiler/import.h"
#include "compiler/key_docs.h"
#include "compiler/suggest.h"

namespace immure {
namespace {

template <class T>
struct Word {
  const char* word;
  T value;
};
constexpr Word<DiagnosticFormat> kFormats[] = {
    {"human", DiagnosticFormat::Human}, {"json", DiagnosticFormat::Json}, {"sarif", DiagnosticFormat::Sarif}, {"github", DiagnosticFormat::Github}};
constexpr Word<Arch> kTargets[] = {{"x86_64", Arch::X86_64}, {"i386", Arch::X86}, {"aarch64", Arch::Aarch64}};

/// An option that takes one of the words of a table.
template <class T, std::size_t n>
CLI::Option* add_word(CLI::App* sub, const char* name, T& value, const Word<T> (&words)[n], const char* description) {
  std::vector<std::string> allowed;
  std::string shown;
  for (const Word<T>& row : words) {
    allowed.push_back(row.word);
    shown += (shown.empty() ? "" : "|") + allowed.back();
  }
  const auto set = [&value, &words](const std::string& word) {
    for (const Word<T>& row : words)
      if (word == row.word) value = row.value;
  };
  return sub->add_option_function<std::string>(name, set, description)->check(CLI::IsMember(allowed))->option_text(shown);
}

CLI::App* add_command(CLI::App& app, Options& options, Command command, const char* name, const char* description, const std::string& footer) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->footer(footer);
  sub->callback([&options, command] { options.command = command; });
  return sub;
}

void add_file(CLI::App* sub, Options& options, const char* name, const char* description) { sub->add_option(name, options.files, description)->required()->expected(1); }

/// Why `--allow` does not take it; empty where it does.
std::string warning_code(const std::string& id) {
  const std::optional<Code> code = code_of(id);
  if (code && info(*code).severity != Severity::Error) return "";
  if (code) return "`" + id + "` is an error, and errors cannot be allowed";
  std::vector<std::string_view> ids;
  for (const CodeInfo& row : catalogue())
    if (row.severity != Severity::Error) ids.push_back(row.id);
  const std::optional<std::string_view> meant = nearest(id, ids);
  return "there is no warning `" + id + "`" + (meant ? "; did you mean `" + std::string(*meant) + "`?" : "");
}

void add_check(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Check, "check", "Validate profiles",
                              "Examples:\n  immure check notebook.toml\n  immure check --deny-warnings --format sarif profiles/ >immure.sarif\n\n"
                              "Of a directory every *.toml below it that has a key `immure`; one without [program] is a fragment, judged as far as it goes alone.\n"
                              "A comment `# immure: allow W0331 -- why` silences a warning in one place.\n"
                              "Exit status: 0 clean, 1 errors (with --deny-warnings, warnings too), 2 wrong usage or a file that cannot be read.");
  sub->add_option("FILE", options.files, "Profiles, and directories of profiles")->required();
  add_word(sub, "--format", options.format, kFormats, "How to report");
  sub->add_flag("--host", options.host, "Look at this host's files too: sources, layers, the program and its libraries");
  sub->add_flag("--deny-warnings", options.deny_warnings, "Exit 1 on warnings");
  sub->add_option("--allow", options.allow, "Do not report this warning; may be given again")->option_text("CODE")->expected(1)->check(warning_code);
  sub->add_option("--baseline", options.baseline, "Do not report what this file knows")->option_text("FILE");
  sub->add_option("--write-baseline", options.new_baseline, "Write down all that is found, for --baseline")->option_text("OUT");
  sub->add_flag("--skip-others", options.skip_others, "Treat named files like those of a directory: leave out what is no profile");
  sub->add_option("--jobs", options.jobs, "How many profiles at once; by default one for each processor")->option_text("N")->check(CLI::Range(1, 1024));
}

void add_build(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Build, "build", "Compile a profile into a launcher",
                              "Example:\n  immure build notebook.toml -o notebook && ./notebook\n\n"
                              "OUT is replaced whole or left alone; its mode is 0755. `-o -` writes to standard output.");
  add_file(sub, options, "FILE", "The profile");
  sub->add_option("-o,--output", options.output, "The launcher")->required()->option_text("OUT");
}

void add_run(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Run, "run", "Compile a profile into memory and run it",
                              "Example:\n  immure run shell.toml -- -c 'ls /'\n\n"
                              "What follows `--` goes to the program. Nothing is left on disk. The exit status is the launcher's: the program's own, 128+N\n"
                              "when signal N ended it, 125 to 127 when it could not be started.");
  add_file(sub, options, "FILE", "The profile");
  sub->add_option("ARGS", options.args, "Arguments for the program, after `--`");
}

void add_view(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::View, "view", "Show the tree that the program will see",
                              "Examples:\n  immure view notebook.toml\n  immure view --path /etc/passwd notebook.toml\n\n"
                              "`W` marks what may be written. Nothing of this host is looked at: what a bind shows is not listed.");
  add_file(sub, options, "FILE", "The profile");
  sub->add_flag("--json", options.json, "As JSON");
  CLI::Option* writable = sub->add_flag("--writable", options.writable, "Only what may be written");
  sub->add_option("--path", options.path, "What is at this path, from which line, and may it be written?")
      ->option_text("PATH")
      ->excludes(writable)
      ->check([](const std::string& path) { return path.starts_with('/') ? std::string() : "not an absolute path: " + path; });
}

void add_diff(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Diff, "diff", "Tell what a change of a profile grants or takes",
                              "Example:\n  immure diff old.toml new.toml\n\n"
                              "`+` grants, `-` takes, `~` is another behaviour. What is only written differently is not shown.\n"
                              "Exit status: 0 the new one grants nothing more, 1 it does (or a profile has errors), 2 wrong usage or a file that cannot be read.");
  sub->add_option("PROFILES", options.files, "The old and the new profile")->required()->expected(2)->option_text("OLD NEW");
  sub->add_flag("--json", options.json, "As JSON");
}

void add_inspect(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Inspect, "inspect", "Show everything that is in a launcher",
                              "Example:\n  immure inspect --bpf ./notebook\n\nA profile is compiled first; whether FILE is one is told from its content.");
  add_file(sub, options, "FILE", "A launcher or a profile");
  sub->add_flag("--json", options.json, "As JSON");
  sub->add_flag("--bpf", options.bpf, "Disassemble the filters");
}

/// FORMAT: a row of a table that lives elsewhere.
template <class T>
void add_format(CLI::App* sub, const T*& chosen, std::span<const T> formats, const char* description) {
  std::vector<std::string> names;
  std::string shown;
  for (const T& format : formats) {
    names.emplace_back(format.name);
    shown += (shown.empty() ? "" : "|") + names.back();
  }
  const auto set = [&chosen, formats](const std::string& word) {
    for (const T& format : formats)
      if (word == format.name) chosen = &format;
  };
  sub->add_option_function<std::string>("FORMAT", set, description)->check(CLI::IsMember(names))->option_text(shown)->required();
}

std::string emit_footer() {
  std::string out = "Examples:\n  immure emit schema -o profile.schema.json\n  immure emit bpf --c-header notebook.toml -o notebook_filter.h\n\n";
  for (const EmitFormat& format : emit_formats()) out += "  " + std::string(format.name) + std::string(10 - format.name.size(), ' ') + std::string(format.about) + '\n';
  return out;
}

/// Throws where an option or a file belongs to another format.
void check_emit(const Options& options) {
  const std::string_view name = options.emit->name;
  const auto only_for = [name](bool given, const char* option, std::initializer_list<std::string_view> formats) {
    if (given && std::find(formats.begin(), formats.end(), name) == formats.end()) throw CLI::ExtrasError({std::string(option) + " (not for `" + std::string(name) + "`)"});
  };
  only_for(options.text, "--text", {"bpf"});
  only_for(options.c_header, "--c-header", {"bpf"});
  only_for(options.target != Arch::X86_64, "--target", {"bpf"});
  only_for(options.json, "--json", {"plan"});
  only_for(!options.attach.empty(), "--attach", {"apparmor"});
  if (options.emit->takes_file && options.files.empty()) throw CLI::RequiredError("FILE");
  if (!options.emit->takes_file && !options.files.empty()) throw CLI::ExtrasError({options.files[0]});
}

void add_emit(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Emit, "emit", "Write something else than a launcher", emit_footer());
  add_format(sub, options.emit, emit_formats(), "What to write");
  sub->add_option("FILE", options.files, "The profile")->expected(0, 1);
  sub->add_option("-o,--output", options.output, "Where to, instead of standard output")->option_text("OUT");
  add_word(sub, "--target", options.target, kTargets, "For which architecture the filter of `bpf` is");
  CLI::Option* text = sub->add_flag("--text", options.text, "The filter of `bpf` as people read it");
  sub->add_flag("--c-header", options.c_header, "The filter of `bpf` as a C array")->excludes(text);
  sub->add_flag("--json", options.json, "The `plan` as JSON");
  sub->add_option("--attach", options.attach, "Where the launcher of `apparmor` will lie; by default NAME in /usr/bin or /usr/local/bin")
      ->option_text("PATH")
      ->check([](const std::string& path) { return path.starts_with('/') ? std::string() : "not an absolute path: " + path; });
  sub->parse_complete_callback([&options] { check_emit(options); });
}

void add_import(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Import, "import", "Start a profile from what you have",
                              "Examples:\n  immure import bwrap start-editor.sh -o editor.toml\n  immure import oci bundle/config.json\n\n"
                              "What cannot be carried over is a warning, and a comment at its place in the profile.");
  add_format(sub, options.import, import_formats(), "What FILE is");
  add_file(sub, options, "FILE", "A script or a line with the command `bwrap`, or a config.json");
  sub->add_option("-o,--output", options.output, "Where to, instead of standard output")->option_text("OUT");
}

void add_explain(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Explain, "explain", "Tell the long story of a diagnostic, a key or a system call",
                              "Examples:\n  immure explain E0201\n  immure explain process.linger\n  immure explain tmpfs\n  immure explain ptrace\n"
                              "  immure explain ioctl notebook.toml 0 TIOCSTI\n  immure explain immure:system\n\n"
                              "A fragment's name prints the fragment. Of a system call with a profile: how it is answered with these arguments, and which line decides;\n"
                              "arguments are numbers or names such as CLONE_NEWUSER, joined by `|`, and 0 where they are left out.");
  sub->add_option("TOPIC", options.topic, "A code, a table, op or key, a system call by name or number, a group of them, or a shipped fragment")->required();
  // One, or it would take the arguments too.
  sub->add_option_function<std::string>(
      "FILE", [&options](const std::string& file) { options.files = {file}; }, "Of a system call: the profile");
  sub->add_option("ARGS", options.args, "Of a system call: its arguments");
  add_word(sub, "--target", options.target, kTargets, "Of a system call: on which architecture");
}

void add_init(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Init, "init", "Start a profile from a template",
                              "Examples:\n  immure init\n  immure init python\n  immure init agent -o my-agent.toml\n\n"
                              "Without TEMPLATE they are listed. A file that is there is never overwritten; `-o -` writes to standard output.");
  sub->add_option("TEMPLATE", options.topic, "What to start from");
  sub->add_option("-o,--output", options.output, "Where to, instead of the file that the list names")->option_text("FILE");
  sub->preparse_callback([&options](std::size_t) { options.output.clear(); });
}

void add_doctor(CLI::App& app, Options& options) {
  CLI::App* sub = add_command(app, options, Command::Doctor, "doctor", "Tell what this host lets launchers do, and the cure of what it does not",
                              "Examples:\n  immure doctor\n  immure doctor notebook.toml\n\n"
                              "With FILE the profile is judged on this host too, as by `check --host`. It tries the steps of a launcher, and changes nothing.\n"
                              "Exit status: 0 launchers run here (and FILE has no errors), 1 they do not, 2 wrong usage or a file that cannot be read.");
  CLI::Option* file = sub->add_option("FILE", options.files, "A profile to judge on this host")->expected(0, 1);
  sub->add_flag("--json", options.json, "As JSON")->excludes(file);
  sub->preparse_callback([&options](std::size_t) { options.host = true; });
}

void add_lsp(CLI::App& app, Options& options) {
  add_command(app, options, Command::Lsp, "lsp", "Serve an editor: diagnostics, hovers, completions, fixes",
              "Example, for Neovim:\n  vim.lsp.start({ name = 'immure', cmd = { 'immure', 'lsp' } })\n\nIt speaks the Language Server Protocol on standard input and output.");
}

// ---- the same once more, for shells ----

/// What an option or argument takes, from how its help shows it: `human|json` are words, what is a path in capitals is a file.
Value value_of(const CLI::Option& option) {
  const std::string shown = option.get_option_text().empty() ? option.get_name() : option.get_option_text();
  Value value;
  for (const char* name : {"FILE", "OUT", "OLD NEW", "PROFILES"}) value.file = value.file || shown == name;
  if (shown == "CODE")
    for (const CodeInfo& about : catalogue())
      if (about.severity != Severity::Error) value.words.emplace_back(about.id);
  std::istringstream words(shown);
  if (shown.find('|') != std::string::npos)
    for (std::string word; std::getline(words, word, '|');) value.words.push_back(word);
  return value;
}

OptionWords option_words(const CLI::Option& option) {
  OptionWords out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.about = option.get_description();
  if (option.get_items_expected_max() != 0) out.value = value_of(option);
  out.shown = option.get_option_text();
  return out;
}

/// Of what no file can be, the table that `command` looks it up in.
std::vector<std::string> topics_of(const std::string& command) {
  std::vector<std::string> out;
  if (command == "explain") {
    for (const CodeInfo& about : catalogue()) out.emplace_back(about.id);
    for (const GroupDoc& group : group_docs()) {
      if (group.name.empty()) continue;
      out.emplace_back(group.name);
      for (const KeyDoc& key : group.keys) out.push_back(std::string(group.name) + '.' + std::string(key.name));
    }
  }
  if (command == "init")
    for (const StartingPoint& each : embedded_templates()) out.emplace_back(each.name);
  return out;
}

std::vector<CommandWords> command_words(const CLI::App& app) {
  std::vector<CommandWords> commands;
  for (const CLI::App* sub : app.get_subcommands({})) {
    CommandWords command{sub->get_name(), sub->get_description(), {}, {topics_of(sub->get_name()), false}};
    for (const CLI::Option* option : sub->get_options()) {
      if (!option->get_positional()) {
        command.options.push_back(option_words(*option));
        continue;
      }
      const Value value = value_of(*option);
      command.argument.words.insert(command.argument.words.end(), value.words.begin(), value.words.end());
      command.argument.file = command.argument.file || value.file;
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

/// `immure completions SHELL`: for packages and start-up files, so it is not among the commands that the help lists. `man` is for our own build.
std::optional<Farewell> asked_for_completions(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty() || words[0] != "completions") return std::nullopt;
  if (words.size() == 2 && words[1] == "man") return Farewell{0, manual_options(command_words(app)), ""};
  if (words.size() == 2 && std::find(std::begin(kShells), std::end(kShells), words[1]) != std::end(kShells)) return Farewell{0, completions(words[1], command_words(app)), ""};
  return Farewell{2, "", "immure: completions are there for " + listed(kShells) + '\n'};
}

/// What follows the first `--` of `run` is the program's, whatever it looks like; CLI11 would look at it.
std::vector<std::string> split_program_args(std::vector<std::string>& words) {
  if (words.empty() || words[0] != "run") return {};
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes == words.end()) return {};
  std::vector<std::string> rest(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return rest;
}

/// CLI11 would only say that a command is missing.
std::optional<Farewell> unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty() || words[0].starts_with('-')) return std::nullopt;
  std::vector<std::string_view> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  if (std::find(names.begin(), names.end(), words[0]) != names.end()) return std::nullopt;
  const std::optional<std::string_view> meant = nearest(words[0], names);
  return Farewell{2, "", "immure: there is no command `" + words[0] + '`' + (meant ? "; did you mean `" + std::string(*meant) + "`?" : ": there are " + listed(names)) + '\n'};
}

Farewell farewell(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out, err;
  if (app.exit(error, out, err) == 0) return {0, out.str(), ""};
  return {2, "", "immure: " + std::string(error.what()) + " (`immure --help` shows the usage, `immure COMMAND --help` that of a command)\n"};
}

}  // namespace

std::variant<Options, Farewell> parse_command_line(int argc, const char* const* argv) {
  Options options;
  CLI::App app("A compiler for sandbox profiles: from one TOML file to one self-contained launcher.", "immure");
  app.footer("Example:\n  immure build notebook.toml -o notebook && ./notebook\n\n`immure COMMAND --help` tells more about each.");
  app.set_version_flag("--version", std::string("immure ") + IMMURE_VERSION);
  app.require_subcommand(1);
  add_check(app, options);
  add_build(app, options);
  add_run(app, options);
  add_view(app, options);
  add_diff(app, options);
  add_inspect(app, options);
  add_emit(app, options);
  add_import(app, options);
  add_explain(app, options);
  add_init(app, options);
  add_doctor(app, options);
  add_lsp(app, options);

  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (std::optional<Farewell> script = asked_for_completions(app, words)) return *std::move(script);
  if (std::optional<Farewell> unknown = unknown_command(app, words)) return *std::move(unknown);
  const std::vector<std::string> program_args = split_program_args(words);
  std::reverse(words.begin(), words.end());  // as CLI11 wants it
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return farewell(app, error);
  }
  options.args.insert(options.args.end(), program_args.begin(), program_args.end());
  return options;
}

}  // namespace immure
