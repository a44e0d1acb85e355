// Launch variables: `${NAME}` and `${NAME:-default}` are bound once, when the launcher starts, before anything is built.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// How many bytes bind_templates needs: the table of pointers, then the strings.
std::size_t templates_size(Context& ctx);
/// Puts all templates together in `memory`, which must stay valid as long as `ctx`. A variable that is unset or empty and has no default, and a path
/// that is not absolute, has a `..`, is "/" or too long, end the launch.
void bind_templates(Context& ctx, void* memory);

}  // namespace initrt
