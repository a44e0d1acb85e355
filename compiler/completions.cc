// One script a shell. What they complete is the same; how each shell wants to be told is not.
#include "compiler/completions.h"

namespace immure {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string names_of(std::span<const CommandWords> commands) {
  std::string out;
  for (const CommandWords& command : commands) out += (out.empty() ? "" : " ") + command.name;
  return out;
}

/// In single quotes, for any of the three shells; a quote inside becomes a typographic one, which needs no escape in any of them.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "’" : std::string(1, c);
  return out + "'";
}

// ---- bash ----

std::string bash_reply(const Value& value) {
  if (!value.words.empty()) return "_immure_reply -W " + quoted(joined(value.words));
  return value.file ? "compopt -o filenames; _immure_reply -f" : "COMPREPLY=()";
}

std::string bash(std::span<const CommandWords> commands) {
  std::string values, arguments;
  for (const CommandWords& command : commands) {
    std::vector<std::string> names;
    for (const OptionWords& option : command.options) {
      names.insert(names.end(), option.names.begin(), option.names.end());
      if (!option.value) continue;
      for (const std::string& name : option.names) values += "    " + command.name + ":" + name + ") " + bash_reply(*option.value) + "; return ;;\n";
    }
    arguments += "    " + command.name + ":-*) _immure_reply -W " + quoted(joined(names)) + " ;;\n";
    arguments += "    " + command.name + ":*) " + bash_reply(command.argument) + " ;;\n";
  }
  return "# Completions of immure for bash, as `immure completions bash` writes them.\n"
         "# A name may hold blanks, so each stands on a line of its own.\n"
         "_immure_reply() { mapfile -t COMPREPLY < <(compgen \"$@\" -- \"${COMP_WORDS[COMP_CWORD]}\"); }\n"
         "_immure() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    _immure_reply -W " +
         quoted(names_of(commands) + " --help --version") +
         "\n    return\n"
         "  fi\n"
         "  case $command:$previous in\n" +
         values + "  esac\n  case $command:$current in\n" + arguments + "  esac\n}\ncomplete -F _immure immure\n";
}

// ---- zsh ----

std::string zsh_value(const Value& value) {
  if (!value.words.empty()) return ":value:(" + joined(value.words) + ")";
  return value.file ? ":file:_files" : ":value: ";
}

/// Brackets and colons mean something in a specification.
std::string zsh_about(const std::string& text) {
  std::string out;
  for (const char c : text) out += (c == '[' || c == ']' || c == ':' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  return out;
}

std::string zsh(std::span<const CommandWords> commands) {
  std::string descriptions, cases;
  for (const CommandWords& command : commands) {
    descriptions += "    " + quoted(command.name + ":" + zsh_about(command.about)) + "\n";
    cases += "    " + command.name + ")\n      _arguments";
    for (const OptionWords& option : command.options)
      for (const std::string& name : option.names)
        cases += " \\\n        " + quoted("*" + name + "[" + zsh_about(option.about) + "]" + (option.value ? zsh_value(*option.value) : ""));
    cases += " \\\n        " + quoted("*" + zsh_value(command.argument)) + "\n      ;;\n";
  }
  return "#compdef immure\n"
         "# Completions of immure for zsh, as `immure completions zsh` writes them.\n"
         "_immure() {\n"
         "  local -a commands=(\n" +
         descriptions +
         "  )\n"
         "  if ((CURRENT == 2)); then\n"
         "    _describe command commands\n"
         "    return\n"
         "  fi\n"
         "  shift words\n"
         "  ((CURRENT--))\n"
         "  case $words[1] in\n" +
         cases +
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _immure ]]; then _immure \"$@\"; else compdef _immure immure; fi\n";
}

// ---- fish ----

std::string fish_option(const CommandWords& command, const OptionWords& option) {
  std::string out = "complete -c immure -n " + quoted("__fish_seen_subcommand_from " + command.name);
  for (const std::string& name : option.names) out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.value && !option.value->words.empty()) out += " -x -a " + quoted(joined(option.value->words));
  if (option.value && option.value->words.empty()) out += option.value->file ? " -r -F" : " -x";
  return out + " -d " + quoted(option.about) + "\n";
}

std::string fish(std::span<const CommandWords> commands) {
  std::string out = "# Completions of immure for fish, as `immure completions fish` writes them.\ncomplete -c immure -f\n";
  for (const CommandWords& command : commands) {
    out += "complete -c immure -n __fish_use_subcommand -a " + command.name + " -d " + quoted(command.about) + "\n";
    for (const OptionWords& option : command.options) out += fish_option(command, option);
    const std::string condition = quoted("__fish_seen_subcommand_from " + command.name);
    if (!command.argument.words.empty()) out += "complete -c immure -n " + condition + " -a " + quoted(joined(command.argument.words)) + "\n";
    if (command.argument.words.empty() && command.argument.file) out += "complete -c immure -n " + condition + " -F\n";
  }
  return out;
}

// ---- the manual page ----

/// A dash that is a dash, a backslash that is one, and no line that begins with a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-') out += "\\-";
    else if (c == '\\') out += "\\e";
    else out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

}  // namespace

std::string manual_options(std::span<const CommandWords> commands) {
  std::string out = ".SH OPTIONS\n";
  for (const CommandWords& command : commands) {
    out += ".SS immure " + command.name + "\n" + roff(command.about) + ".\n";
    for (const OptionWords& option : command.options) {
      if (option.names.back() == "--help") continue;  // all have it
      std::string names;
      for (const std::string& name : option.names) names += (names.empty() ? "\\fB" : "\\fR, \\fB") + roff(name);
      out += ".TP\n" + names + "\\fR" + (option.shown.empty() ? "" : " \\fI" + roff(option.shown) + "\\fR") + "\n" + roff(option.about) + ".\n";
    }
  }
  return out;
}

std::string completions(std::string_view shell, std::span<const CommandWords> commands) {
  if (shell == "bash") return bash(commands);
  return shell == "zsh" ? zsh(commands) : fish(commands);
}

}  // namespace immure
