// Who the sandbox is: id maps, the limit of nested namespaces, host name, loopback.
#pragma once

#include "initrt/context.h"

namespace initrt {

void map_ids(const Context& ctx);
void limit_nested_namespaces(Context& ctx);
void set_hostname(const Context& ctx);
void bring_loopback_up(const Context& ctx);

}  // namespace initrt
