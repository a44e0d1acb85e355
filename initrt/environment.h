// The program's argument and environment vectors.
#pragma once

#include <cstddef>

#include "initrt/context.h"

namespace initrt {

struct Counts {
  std::size_t arguments;
  std::size_t variables;
};
/// Upper bounds, for the caller to make room.
Counts count_strings(const Context& ctx, const wire::Exec& exec);
/// `pass_own`: the launcher's own arguments follow.
void fill_arguments(const Context& ctx, const wire::Exec& exec, bool pass_own, const char** argv);
void fill_environment(const Context& ctx, const char** envp);

/// Whether a name matches a glob of `*` and `?`.
bool matches(const char* glob, const char* name, const char* name_end);

}  // namespace initrt
