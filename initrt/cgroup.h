// The cgroup v2 directory that init is started in.
#pragma once

#include "initrt/context.h"
#include "initrt/sys.h"

namespace initrt {

bool has_cgroup(const Context& ctx);
/// Outside: clone(2) with `flags`, into the profile's cgroup where it names one. A cgroup that cannot take init ends the launch.
Result clone_into_cgroup(Context& ctx, unsigned long flags);
/// Inside: a cgroup namespace whose root is that directory. The other namespaces came with clone.
void enter_cgroup_namespace(const Context& ctx);

}  // namespace initrt
