// See text.h.
#include "initrt/text.h"

namespace initrt {

std::size_t length(const char* text) {
  std::size_t n = 0;
  while (text[n] != 0) ++n;
  return n;
}

bool equal(const char* a, const char* b) {
  while (*a != 0 && *a == *b) ++a, ++b;
  return *a == *b;
}

bool starts_with(const char* text, const char* prefix) {
  while (*prefix != 0 && *text == *prefix) ++text, ++prefix;
  return *prefix == 0;
}

char* append(char* to, const char* text) {
  while (*text != 0) *to++ = *text++;
  *to = 0;
  return to;
}

char* append_number(char* to, unsigned long value) {
  char digits[20];
  int n = 0;
  do digits[n++] = static_cast<char>('0' + value % 10);
  while ((value /= 10) != 0);
  while (n > 0) *to++ = digits[--n];
  *to = 0;
  return to;
}

void ShortList::add(const char* name, const char* value) {
  if (full_) return;
  char* to = data_ + size_;
  if (size_ != 0) to = append(to, ",");
  if (size_ + 2 + length(name) + (value == nullptr ? 0 : length(value)) > kSize) {
    full_ = true;
    append(to, "...");
    return;
  }
  to = append(to, name);
  if (value != nullptr) to = append(append(to, "="), value);
  size_ = static_cast<std::size_t>(to - data_);
}

const char* base_name(const char* path) {
  const char* base = path;
  for (const char* p = path; *p != 0; ++p)
    if (*p == '/' && p[1] != 0) base = p + 1;
  return base;
}

}  // namespace initrt
