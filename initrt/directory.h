// Listing a directory.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// Calls `see` with the name of each entry but `.` and `..`. `fd` is open for reading.
void for_each_entry(const Context& ctx, int fd, void* argument, void (*see)(void* argument, const char* name));

}  // namespace initrt
