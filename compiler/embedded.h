// The files inside the command: the launcher's stub, the JSON Schema and the shipped fragments.
#pragma once

#include <optional>
#include <string_view>

namespace immure {

/// The stub ELF for x86_64.
std::string_view embedded_stub();
/// The JSON Schema of the language.
std::string_view embedded_schema();
/// The text of `immure:NAME`.
std::optional<std::string_view> embedded_fragment(std::string_view name);
/// "system, …": for messages.
std::string_view embedded_fragment_names();

}  // namespace immure
