// Landlock: scopes, which shut processes and sockets outside off, and rules for paths and ports.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Init itself enters a domain with the scopes, and all that it starts with it. Scopes alone leave mounting alone.
void enter_scopes(Context& ctx);
/// In the finished view: makes Context::rules where the profile has rules. Children enter it, init does not: any file right that a ruleset handles forbids mounting.
void make_rules(Context& ctx);

}  // namespace initrt
