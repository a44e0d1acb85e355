// The rules of the filter: what is wrong with them alone, with one another, and with what stands beside them.
#include "compiler/check_rules.h"
#include "compiler/presets.h"
#include "compiler/syscalls.h"

namespace immure::rules {
namespace {

void check_compat(const Profile& profile, Diagnostics& diags) {
  const SeccompTable& seccomp = profile.seccomp;
  if (!seccomp.compat.present) return;
  if (const std::string version = filter_library_version(); !version.starts_with("2.5."))
    diags.add(Code::CompatLibrary, seccomp.compat.span, "this compiler stands on libseccomp " + version + ", and this filter is what 2.5 makes");
  const auto beside = [&](const char* name, Span place) {
    diags.add(Code::CompatAlone, place, "`" + std::string(name) + "` beside `compat`")
        .label(seccomp.compat.span, "an older project's filter, byte for byte")
        .help("leave one of the two out");
  };
  if (written(seccomp.default_)) beside("default", seccomp.default_.key_span);
  if (written(seccomp.optimize)) beside("optimize", seccomp.optimize.key_span);
  if (written(seccomp.oci)) beside("oci", seccomp.oci.key_span);
  if (!profile.seccomp_rules.empty()) beside("rule", profile.seccomp_rules.front().span);
}

}  // namespace

void filter(const Profile& profile, Diagnostics& diags) {
  check_compat(profile, diags);
  (void)program_policy(profile, Arch::X86_64, &diags);
}

}  // namespace immure::rules
