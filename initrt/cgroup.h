// The cgroup v2 directory that init is started in.
#pragma once

#include "initrt/context.h"

namespace initrt {

bool has_cgroup(const Context& ctx);
/// Outside: the directory, or -1 where the profile names none.
int open_cgroup(const Context& ctx);
/// Inside: a cgroup namespace whose root is that directory. The other namespaces came with clone.
void enter_cgroup_namespace(const Context& ctx);

}  // namespace initrt
