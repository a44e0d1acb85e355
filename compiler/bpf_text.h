// A filter as text.
#pragma once

#include <functional>
#include <string>

#include "compiler/bpf.h"

namespace immure {

/// The name of call `number` on the architecture with this token, or nothing.
using CallName = std::function<std::string(std::uint32_t token, std::uint32_t number)>;

/// One instruction per line, with the names of calls and errors where they are known.
std::string disassemble(const BpfProgram& program, const CallName& call_name);

}  // namespace immure
