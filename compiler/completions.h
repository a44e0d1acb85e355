// Completions for shells and the options of the manual page, from one description of the command line: the one that its parser is made of (cli.cc).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace immure {

/// What may follow an option, or stand as an argument.
struct Value {
  std::vector<std::string> words;  // one of these; empty: a file, where `file`
  bool file = false;
};

struct OptionWords {
  std::vector<std::string> names;  // "-o", "--output"
  std::string about;
  std::optional<Value> value;  // nothing: a flag
  std::string shown;           // the value in the help: "FILE", "human|json"
};

struct CommandWords {
  std::string name;
  std::string about;
  std::vector<OptionWords> options;
  Value argument;
};

inline constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};
/// The section OPTIONS of immure(1), in roff.
std::string manual_options(std::span<const CommandWords> commands);
/// The script for one of them.
std::string completions(std::string_view shell, std::span<const CommandWords> commands);

}  // namespace immure
