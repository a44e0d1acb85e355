// `immure emit apparmor`: an AppArmor profile for the launcher.
//
// Ubuntu 23.10 and later let a program make user namespaces only if an AppArmor profile of it says so. This one says that and confines nothing: walls are the
// launcher's own business. It names the launcher's path, so it holds for that file alone, and whoever can write to it could use it. That is why the
// path should be one that only root can write to.
#include "compiler/emit.h"
#include "compiler/pipeline.h"

namespace immure {
namespace {

constexpr const char* kText = R"(# Lets the launcher of `@NAME@` make user namespaces where AppArmor restricts them (Ubuntu 23.10 and later).
# Written by immure. Install it as root:
#   install -m 0644 THIS /etc/apparmor.d/immure-@NAME@ && apparmor_parser -r /etc/apparmor.d/immure-@NAME@
# It holds for a launcher at the path below. Only root should be able to write there.
abi <abi/4.0>,
include <tunables/global>

profile immure-@NAME@ @PATH@ flags=(unconfined) {
  userns,

  include if exists <local/immure-@NAME@>
}
)";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

/// As AppArmor writes a path: quoted, and what would be a pattern escaped.
std::string pattern_of(const std::string& path) {
  std::string out = "\"";
  for (const char c : path) {
    if (std::string_view("\\\"*?[]{}^,@").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

int emit_apparmor(Session& session) {
  const Judged judged = judge(session, session.options.files[0]);
  report(session);
  if (!judged.profile || session.diags.has_errors()) return session.status();
  const std::string name = *judged.profile->top.name;
  std::string text = kText;
  replace_all(text, "@NAME@", name);
  replace_all(text, "@PATH@", session.options.attach.empty() ? "/usr/{,local/}bin/" + name : pattern_of(session.options.attach));
  return deliver(session, text, 0644, true);
}

}  // namespace immure
