// The table over embedded.S. A new fragment is a file in fragments/, three lines there and one row here.
#include "compiler/embedded.h"

extern "C" {
extern const char immure_stub[], immure_stub_end[];
extern const char immure_schema[], immure_schema_end[];
extern const char immure_fragment_system[], immure_fragment_system_end[];
}

namespace immure {
namespace {
struct Fragment {
  std::string_view name;
  const char* begin;
  const char* end;
};
const Fragment kFragments[] = {
    {"system", immure_fragment_system, immure_fragment_system_end},
};
std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }
}  // namespace

std::string_view embedded_stub() { return between(immure_stub, immure_stub_end); }

std::string_view embedded_schema() { return between(immure_schema, immure_schema_end); }

std::optional<std::string_view> embedded_fragment(std::string_view name) {
  for (const Fragment& fragment : kFragments)
    if (fragment.name == name) return between(fragment.begin, fragment.end);
  return std::nullopt;
}

std::string_view embedded_fragment_names() { return "system"; }

}  // namespace immure
