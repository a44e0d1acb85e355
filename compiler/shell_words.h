// A shell script as the commands that it runs, as far as words go: enough to read the command line in it, and to say where it stops being a list of words.
//
// Quoting, continued lines, comments, here-documents, simple assignments and arrays are understood; a variable becomes a launch variable. Loops, conditions and functions are
// not run: the commands in them are left out, and Script::skipped tells where. What a substitution gives is unknown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/source.h"
#include "compiler/values.h"

namespace immure {

struct ShellWord {
  Template text;
  bool known = true;       // false: something in it is not known before it runs
  bool arguments = false;  // "$@"
  std::string array;       // of "${NAME[@]}"
  Span span;
};

struct ShellCommand {
  std::vector<ShellWord> words;
  bool null_input = false;  // </dev/null
};

struct ShellScript {
  std::vector<ShellCommand> commands;
  std::vector<Span> skipped;
};

/// `file`: the index that spans get. Never fails: what is no shell gives odd words.
ShellScript read_shell(std::string_view text, std::uint32_t file);

}  // namespace immure
