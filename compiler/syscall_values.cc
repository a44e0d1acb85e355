// See syscall_values.h; the names are rows of syscall_values.def.
#include "compiler/syscall_values.h"

#include <algorithm>

namespace immure {
namespace {

struct NamedValue {
  std::string_view name;
  std::uint64_t value;
};
constexpr NamedValue kValues[] = {
#define VALUE(name, number) {#name, number},
#include "compiler/syscall_values.def"
};

}  // namespace

std::optional<std::uint64_t> syscall_value(std::string_view name) {
  for (const NamedValue& row : kValues)
    if (row.name == name) return row.value;
  return std::nullopt;
}

std::vector<std::string_view> syscall_value_names() {
  std::vector<std::string_view> names;
  for (const NamedValue& row : kValues) names.push_back(row.name);
  return names;
}

std::vector<std::string_view> joined_names(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t bar = std::min(text.find('|', at), text.size());
    std::string_view name = text.substr(at, bar - at);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    names.push_back(name);
    at = bar + 1;
  }
  return names;
}

}  // namespace immure
