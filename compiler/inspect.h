// What is in a launcher, for people and for programs.
#pragma once

#include <string>
#include <string_view>

#include "compiler/bpf_text.h"
#include "compiler/plan.h"

namespace immure {

/// A plan with what it was read from.
struct Inspected {
  const Plan& plan;
  std::string_view launcher;
  std::string_view image;  // inside it
};

/// `with_filter`: the disassembly of both filters too.
std::string inspect_text(const Inspected& what, bool with_filter, const CallName& call_name);
std::string inspect_json(const Inspected& what, bool with_filter, const CallName& call_name);

}  // namespace immure
