// The few string functions that the launcher needs.
#pragma once

#include <cstddef>

namespace initrt {

std::size_t length(const char* text);
bool equal(const char* a, const char* b);
bool starts_with(const char* text, const char* prefix);
/// Copies with the NUL, returns the end (where the NUL is).
char* append(char* to, const char* text);
char* append_number(char* to, unsigned long value);
/// The last component, for naming oneself.
const char* base_name(const char* path);

}  // namespace initrt
