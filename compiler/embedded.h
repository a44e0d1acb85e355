// The files inside the command: the launcher's stub, the JSON Schema, the shipped fragments and the templates.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace immure {

/// The stub ELF for x86_64.
std::string_view embedded_stub();
/// The JSON Schema of the language.
std::string_view embedded_schema();
/// The text of `immure:NAME`.
std::optional<std::string_view> embedded_fragment(std::string_view name);
/// A profile to start from: one of the examples.
struct StartingPoint {
  std::string_view name;   // "build-step"
  std::string_view file;   // what `init` calls it
  std::string_view about;  // in a line
  std::string_view text;
};
std::span<const StartingPoint> embedded_templates();
/// "system, …": for messages.
std::string_view embedded_fragment_names();

}  // namespace immure
