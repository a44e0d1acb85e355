// The table over embedded.S. A new fragment is a file in fragments/, three lines there and one row here.
#include "compiler/embedded.h"

extern "C" {
extern const char immure_stub[], immure_stub_end[];
extern const char immure_schema[], immure_schema_end[];
extern const char immure_template_shell[], immure_template_shell_end[];
extern const char immure_template_python[], immure_template_python_end[];
extern const char immure_template_build_step[], immure_template_build_step_end[];
extern const char immure_template_web_server[], immure_template_web_server_end[];
extern const char immure_template_document_viewer[], immure_template_document_viewer_end[];
extern const char immure_template_agent[], immure_template_agent_end[];
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
const StartingPoint kTemplates[] = {
    {"shell", "shell.toml", "a shell in a read-only system", between(immure_template_shell, immure_template_shell_end)},
    {"python", "python.toml", "a Python script without network", between(immure_template_python, immure_template_python_end)},
    {"build-step", "build-step.toml", "`make` on the sources of others", between(immure_template_build_step, immure_template_build_step_end)},
    {"server", "web-server.toml", "a server on a port of the host, with nothing to write", between(immure_template_web_server, immure_template_web_server_end)},
    {"desktop", "document-viewer.toml", "a program with a window, under Wayland", between(immure_template_document_viewer, immure_template_document_viewer_end)},
    {"agent", "agent.toml", "a coding agent, or anything that runs commands nobody has read", between(immure_template_agent, immure_template_agent_end)},
};
}  // namespace

std::string_view embedded_stub() { return between(immure_stub, immure_stub_end); }

std::string_view embedded_schema() { return between(immure_schema, immure_schema_end); }

std::optional<std::string_view> embedded_fragment(std::string_view name) {
  for (const Fragment& fragment : kFragments)
    if (fragment.name == name) return between(fragment.begin, fragment.end);
  return std::nullopt;
}

std::span<const StartingPoint> embedded_templates() { return kTemplates; }

std::string_view embedded_fragment_names() { return "system"; }

}  // namespace immure
