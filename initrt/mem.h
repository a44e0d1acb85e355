// The memory functions that a libc would have: the compiler emits calls to them. Tests link the libc's instead.
#pragma once

#include <cstddef>

extern "C" {
void* memcpy(void* to, const void* from, std::size_t size);
void* memset(void* to, int byte, std::size_t size);
void* memmove(void* to, const void* from, std::size_t size);
int memcmp(const void* a, const void* b, std::size_t size);
}
