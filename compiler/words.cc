// See words.h.
#include "compiler/words.h"

#include <cctype>

namespace immure {

#define WORDS(Enum, doc)                       \
  std::string_view word_of(type::Enum value) { \
    static constexpr std::string_view kWords[] = {
#define WORD(Enumerator, spelling, doc) spelling,
#define END_WORDS(Enum)                           \
  }                                               \
  ;                                               \
  return kWords[static_cast<std::size_t>(value)]; \
  }
#include "schema/language.def"

std::string kernel_name(type::Capability capability) {
  std::string name = "CAP_";
  for (const char c : word_of(capability)) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace immure
