// The bounding set is emptied up to the kernel's last capability, which is where prctl(2) says EINVAL, not up to a constant of ours.
// Ambient capabilities need no call to be lost: they are a subset of the permitted set and vanish with it (capabilities(7)).
#include "initrt/privileges.h"

#include "initrt/report.h"

namespace initrt {
namespace {

constexpr unsigned long kOldestLast = 40;  // CAP_CHECKPOINT_RESTORE: the last capability of the oldest kernel that a launcher runs on, Linux 5.15

bool kept(const Context& ctx, unsigned long capability) { return (ctx.image().keep_capabilities.get() >> capability & 1) != 0; }

}  // namespace

void forbid_new_privileges(const Context& ctx) { must(ctx, sys::prctl(PR_SET_NO_NEW_PRIVS, 1), "forbid new privileges"); }

// Without address randomisation, say (setarch(8)), which the program's filter would keep it from mending.
void reset_personality(const Context& ctx) { must(ctx, sys::personality(0), "reset the personality"); }

// That holds where Yama is too: what it lets trace (PR_SET_PTRACER) was said by a process of itself, and init has said nothing.
void refuse_tracers(const Context& ctx) { must(ctx, sys::prctl(PR_SET_DUMPABLE, 0), "make init undumpable"); }

void drop_capabilities(const Context& ctx) {
  for (unsigned long capability = 0; capability < 64; ++capability) {
    if (kept(ctx, capability)) continue;
    const Result dropped = sys::prctl(PR_CAPBSET_DROP, capability);
    if (dropped.error() == EINVAL && capability > kOldestLast) break;  // below that, it would leave the rest of the set
    must(ctx, dropped, "drop a capability from the bounding set");
  }
  must(ctx, sys::capset(ctx.image().keep_capabilities.get()), "drop capabilities");
}

Result raise_ambient(const Context& ctx) {
  for (unsigned long capability = 0; capability < 64; ++capability) {
    if (!kept(ctx, capability)) continue;
    const Result raised = sys::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
    if (raised.failed()) return raised;
  }
  return {0};
}

void drop_kept_capabilities(const Context& ctx) {
  if (ctx.image().keep_capabilities.get() != 0) must(ctx, sys::capset(0), "drop the capabilities kept for the program");
}

}  // namespace initrt
