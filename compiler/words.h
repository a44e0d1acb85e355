// The language's words as text: what an enumerator of language.def is called.
#pragma once

#include <string>
#include <string_view>

#include "compiler/values.h"

namespace immure {

#define WORDS(Enum, doc) std::string_view word_of(type::Enum value);
#include "schema/language.def"

/// The capability that a profile calls "sys-admin", as the kernel's headers do: "CAP_SYS_ADMIN".
std::string kernel_name(type::Capability capability);

}  // namespace immure
