// Why a program could not be executed, in words: execve(2) says only ENOENT whether the program, its loader or its `#!` interpreter is missing.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Ends with 127 where something was not found, else with 126.
[[noreturn]] void report_exec_error(const Context& ctx, const char* path, int error);

}  // namespace initrt
