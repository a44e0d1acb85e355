// unchecked FILE -o OUT [--tmpfs KEY=VALUE]: the launcher of a profile, whatever the checks would say of it. `--tmpfs` gives an option to the profile's first tmpfs as it
// is: some values do not come through the language at all.
//
// The command has no such flag, and this program is never installed.
#include <cstdio>
#include <string>

#include "compiler/output_file.h"
#include "compiler/resolve.h"
#include "compiler/session.h"
#include "tests/kernel/unchecked.h"

namespace {

using namespace immure;

void set_option(Plan& plan, const std::string& option) {
  for (PlanOp& op : plan.ops) {
    auto* mount = std::get_if<plan::Mount>(&op.op);
    if (mount == nullptr || mount->fstype != "tmpfs") continue;
    mount->options += (mount->options.empty() ? "" : ",") + option;  // of two values for one key the kernel takes the last
    return;
  }
}

int fail(const std::string& why) {
  std::fprintf(stderr, "unchecked: %s\n", why.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_option = argc == 6 && std::string(argv[4]) == "--tmpfs";
  if ((argc != 4 && !with_option) || std::string(argv[2]) != "-o") return fail("usage: unchecked FILE -o OUT [--tmpfs KEY=VALUE]");
  Sources sources;
  Diagnostics diags;
  const std::optional<Profile> profile = load_profile(
      argv[1], sources, [](const std::string& path) { return read_file(path, kMaxFileBytes); }, diags);
  if (!profile) return fail(std::string(argv[1]) + " is no profile");
  const View view = simulate(*profile, diags);
  const std::string launcher = test::unchecked_launcher(*profile, view, sources, [&](Plan& plan) {
    if (with_option) set_option(plan, argv[5]);
  });
  if (launcher.empty()) return fail("the plan has no form as bytes");
  Diagnostics failure;
  return write_output(argv[3], launcher, 0755, {}, failure) ? 0 : fail("cannot write the launcher");
}
