// The launcher, from the kernel's first instruction to the supervisor: the list of steps.
//
// This file ends where the process divides: supervisor.cc stays outside and waits, init.cc is PID 1 inside. Both are this same process image, forked once.
#include "initrt/init.h"
#include "initrt/ops.h"
#include "initrt/report.h"
#include "initrt/stack_guard.h"
#include "initrt/startup.h"
#include "initrt/supervisor.h"
#include "initrt/sys.h"
#include "initrt/text.h"
#include "initrt/variables.h"

namespace initrt {
namespace {

/// A descriptor of ours that lands on 0, 1 or 2 would become the program's input or output, so the gaps are filled before anything is opened. And a directory that stands there would
/// lead the program out of its view (KERNEL A 3), as one that is passed on would.
void check_standard_descriptors(const Context& ctx) {
  static constexpr char kNumbers[3][2] = {"0", "1", "2"};
  for (int fd = 0; fd <= 2; ++fd) {
    Stat info;
    const Result looked = sys::fstatat(fd, "", &info, AT_EMPTY_PATH);
    if (looked.error() == EBADF) {
      must(ctx, sys::openat(kHere, "/dev/null", O_RDWR), "open", "/dev/null");  // lands in the lowest gap
      continue;
    }
    must(ctx, looked, "look at descriptor", kNumbers[fd]);
    if ((info.st_mode & kFileType) == kDirectory) die(ctx, "this descriptor leads out of the view:", kNumbers[fd], 0, "a directory");
  }
}

/// What is wrong with the plan, or nullptr.
const char* plan_problem(Context& ctx, const Startup& start) {
  if (start.image == nullptr) return "there is no plan in it";
  // The end of a file that was cut short would be a SIGBUS, not a message.
  if (traced(ctx, sys::populate(start.image, start.image_size), "map the plan").error() == EFAULT) return "the plan is truncated";
  return wire::Reader::verify(start.image, start.image_size, ctx.plan);
}

/// Arguments and variables may take a quarter of the stack (execve(2)), and so may what is made of them.
void check_stack(const Context& ctx, std::size_t size) {
  constexpr std::size_t kSmall = 32'768;
  if (size <= kSmall) return;
  std::uint64_t stack = 0;
  must(ctx, sys::get_limit(RLIMIT_STACK, stack), "look at the stack's limit");
  if (size > stack / 4) die(ctx, "the launch variables come to too much", nullptr, E2BIG);
}

void read_plan(Context& ctx, const Startup& start) {
  const char* problem = plan_problem(ctx, start);
  if (problem != nullptr) die(ctx, problem, nullptr, 0, "this launcher is not whole: build it again");
  ctx.name = ctx.plan.str(ctx.image().name);
}

}  // namespace

/// Without a guard of its own, for there is none yet; it never returns.
extern "C" [[noreturn]] __attribute__((no_stack_protector)) void launcher_main(unsigned long* stack) {
  const Startup start = read_startup(stack);
  guard_stack(start);
  // From here on functions may have guards.
  Context ctx;
  ctx.start = &start;
  ctx.uid = start.euid;
  ctx.gid = start.egid;
  if (start.argc > 0) ctx.name = base_name(start.argv[0]);

  check_standard_descriptors(ctx);
  // From here on a message reaches standard error or nowhere, and no descriptor of ours is mistaken for the program's.
  read_plan(ctx, start);
  // From here on the image is checked as a whole and used in place.
  if (start.secure) die(ctx, "a launcher must not be set-user-ID, set-group-ID or have file capabilities", nullptr, 0, "remove them: it needs no privileges");
  const char* trace = environment(start, "IMMURE_TRACE");
  ctx.trace = trace != nullptr && equal(trace, "1");

  const std::size_t size = templates_size(ctx);
  check_stack(ctx, size);
  bind_templates(ctx, __builtin_alloca(size));
  look_ahead(ctx);
  // From here on every string of the plan is known.
  supervise(ctx, run_init);
}

}  // namespace initrt
