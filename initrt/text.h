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
/// A list for a message, its parts joined by commas; what does not fit is left out, and the list ends in `...`.
class ShortList {
 public:
  /// `name`, or `name=value`.
  void add(const char* name, const char* value = nullptr);
  const char* text() const { return data_; }

 private:
  static constexpr std::size_t kSize = 400;
  char data_[kSize + 8] = {};
  std::size_t size_ = 0;
  bool full_ = false;
};

/// The last component, for naming oneself.
const char* base_name(const char* path);

}  // namespace initrt
