// See unchecked.h.
#include "tests/kernel/unchecked.h"

#include "compiler/embedded.h"
#include "compiler/encode.h"
#include "compiler/link.h"
#include "compiler/lower.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"

namespace immure::test {

std::string unchecked_launcher(const Profile& profile, const View& view, const Sources& sources, const std::function<void(Plan&)>& edit) {
  static const BpfProgram kInitFilter = compile_filter(init_policy());
  Plan plan = lower(profile, view, sources);
  plan.init_filter = kInitFilter;
  if (const std::optional<SyscallPolicy> policy = program_policy(profile)) plan.filter = compile_filter(*policy);
  edit(plan);
  Diagnostics too_large;
  const std::string image = encode(plan, too_large);
  return image.empty() ? image : link(embedded_stub(), image);
}

}  // namespace immure::test
