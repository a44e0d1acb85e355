// Namespaces, the filter and the session: keys of different tables that do not go together.
#include <algorithm>

#include "compiler/check_rules.h"

namespace immure::rules {
namespace {

const Placed<type::Preset>* find_preset(const Profile& profile, std::initializer_list<type::Preset> wanted) {
  for (const Placed<type::Preset>& preset : *profile.seccomp.presets)
    if (std::find(wanted.begin(), wanted.end(), preset.value) != wanted.end()) return &preset;
  return nullptr;
}

bool denies_tty(const Profile& profile) {
  if (!*profile.seccomp.enabled) return false;
  return !profile.seccomp.presets || find_preset(profile, {type::Preset::DenyTty, type::Preset::Strict}) != nullptr;
}

void check_kept_session(const Profile& profile, Diagnostics& diags) {
  if (*profile.process.new_session || denies_tty(profile)) return;
  diags.add(Code::KeptSessionTty, profile.process.new_session.span, "the program keeps the caller's terminal and may type into it")
      .help("add the preset `deny-tty`, or give it a session of its own");
}

void check_nested(const Profile& profile, Diagnostics& diags) {
  if (!*profile.namespaces.nested) return;
  const Span nested = profile.namespaces.nested.span;
  if (profile.seccomp.presets) {
    if (const auto* preset = find_preset(profile, {type::Preset::DenyNs, type::Preset::Strict}))
      diags.add(Code::NestedDenied, preset->span, "this preset denies the namespaces that `nested = true` allows")
          .label(nested, "allowed here")
          .help("list the others: `presets = [\"ext\", \"deny-tty\", \"deny-devel\"]`");
  }
  each<ProcOp>(profile, [&](std::int32_t, const FsEntry& entry, const ProcOp& proc) {
    if (!*proc.harden) return;
    diags.add(Code::NestedHardenedProc, entry.target.span, "no sandbox inside this one can mount a proc of its own: this one is partly covered")
        .label(nested, "nested namespaces are allowed here")
        .help("say `harden = false` here where they need one");
  });
}

void check_seccomp_keys(const Profile& profile, Diagnostics& diags) {
  if (*profile.seccomp.enabled) return;
  const auto report = [&](const char* name, const auto& field) {
    if (!written(field)) return;
    diags.add(Code::SeccompOff, field.key_span, "`" + std::string(name) + "` has no effect: there is no filter").label(profile.seccomp.enabled.span, "switched off here");
  };
  report("presets", profile.seccomp.presets);
  report("multiarch", profile.seccomp.multiarch);
  report("can", profile.seccomp.can);
  report("bluetooth", profile.seccomp.bluetooth);
  report("optimize", profile.seccomp.optimize);
  report("compat", profile.seccomp.compat);
  report("default", profile.seccomp.default_);
  report("oci", profile.seccomp.oci);
}

void check_linux32(const Profile& profile, Diagnostics& diags) {
  const auto* linux32 = find_preset(profile, {type::Preset::Linux32});
  if (linux32 == nullptr || find_preset(profile, {type::Preset::DenyDevel, type::Preset::Strict}) != nullptr) return;
  diags.add(Code::Linux32Alone, linux32->span, "`linux32` has no effect without `deny-devel`").help("it is an exception from `deny-devel`, and denies nothing itself");
}

}  // namespace

void policy(const Profile& profile, Diagnostics& diags) {
  check_kept_session(profile, diags);
  check_nested(profile, diags);
  check_seccomp_keys(profile, diags);
  check_linux32(profile, diags);
}

}  // namespace immure::rules
