// What a filter costs, by shape: `./dev bench-filter`.
//
// Three costs: making it and proving it (when compiling), installing it (once a launch: the kernel runs it over every call number to find those that it always
// allows), and asking it (at each call that it does not always allow, so at those whose arguments matter). Times are of the processor, and the
// least of many tries: what the machine does beside adds, and never takes away. Calls are made with arguments that the filter allows and the kernel refuses at once.
#include <linux/audit.h>
#include <linux/filter.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <iterator>
#include <optional>

#include "compiler/bpf_check.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"

using namespace immure;

namespace {

constexpr double kNever = 1e12;
constexpr int kCalls = 200, kRounds = 400, kLoads = 60, kCompilations = 30;

/// Of this thread, its time in the kernel too: a busy machine does not count.
double now_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

struct HotCall {
  const char* name;
  long number, a0, a1, a2;
};
constexpr HotCall kHotCalls[] = {{"ioctl", SYS_ioctl, -1, 0x5413, 0},        // EBADF
                                 {"socket", SYS_socket, AF_INET, 99, 0},     // EINVAL
                                 {"clone", SYS_clone, CLONE_SIGHAND, 0, 0},  // EINVAL: without CLONE_VM
                                 {"openat", SYS_openat, -1, 0, 0},           // EBADF: `path` stands for its 0
                                 {"getppid", SYS_getppid, 0, 0, 0}};         // always allowed

std::uint32_t word_at(const seccomp_data& call, std::uint32_t offset) {
  std::uint32_t word;
  std::memcpy(&word, reinterpret_cast<const char*>(&call) + offset, sizeof word);
  return word;
}

/// How many instructions of a checked program a call runs through.
std::size_t steps(const BpfProgram& program, const HotCall& hot) {
  seccomp_data call{};
  call.nr = static_cast<int>(hot.number);
  call.arch = AUDIT_ARCH_X86_64;
  call.args[0] = static_cast<std::uint64_t>(hot.a0), call.args[1] = static_cast<std::uint64_t>(hot.a1), call.args[2] = static_cast<std::uint64_t>(hot.a2);
  std::uint32_t a = 0;
  std::size_t count = 1;
  for (std::size_t pc = 0;; ++pc, ++count) {
    const BpfInsn& insn = program[pc];
    const auto jump = [&](bool holds) { pc += holds ? insn.jt : insn.jf; };
    switch (insn.code) {
      case BPF_LD | BPF_W | BPF_ABS: a = word_at(call, insn.k); break;
      case BPF_ALU | BPF_AND | BPF_K: a &= insn.k; break;
      case BPF_JMP | BPF_JA: pc += insn.k; break;
      case BPF_JMP | BPF_JEQ | BPF_K: jump(a == insn.k); break;
      case BPF_JMP | BPF_JGT | BPF_K: jump(a > insn.k); break;
      case BPF_JMP | BPF_JGE | BPF_K: jump(a >= insn.k); break;
      case BPF_JMP | BPF_JSET | BPF_K: jump((a & insn.k) != 0); break;
      default: return count;
    }
  }
}

bool install(const BpfProgram& program) {
  sock_fprog what{static_cast<unsigned short>(program.size()), reinterpret_cast<sock_filter*>(const_cast<BpfInsn*>(program.data()))};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, 1, 0, &what) == 0;
}

/// What `work` says in a child of its own, which may take any filter.
template <class Work>
std::optional<double> in_child(const Work& work) {
  int ends[2];
  if (pipe(ends) != 0) return std::nullopt;
  const pid_t child = fork();
  if (child == 0) {
    const double result = work();
    _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
  }
  close(ends[1]);
  double result = 0;
  const bool got = read(ends[0], &result, sizeof result) == sizeof result;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return got && result < kNever ? std::optional(result) : std::nullopt;
}

template <class Work>
double least(int tries, const Work& work) {
  double best = kNever;
  for (int i = 0; i < tries; ++i) best = std::min(best, work());
  return best;
}

double load_us(const BpfProgram& program) {
  return least(kLoads, [&] {
    return in_child([&] {
             const double begin = now_ns();
             return install(program) ? (now_ns() - begin) / 1000 : kNever;
           })
        .value_or(kNever);
  });
}

/// Of one call; an empty program is no filter.
double call_ns(const BpfProgram& program, const HotCall& hot) {
  const char path[] = "none";
  const long second = hot.number == SYS_openat ? reinterpret_cast<long>(path) : hot.a1;
  return in_child([&] {
           if (!program.empty() && !install(program)) return kNever;
           return least(kRounds, [&] {
             const double begin = now_ns();
             for (int i = 0; i < kCalls; ++i) syscall(hot.number, hot.a0, second, hot.a2, 0, 0, 0);
             return (now_ns() - begin) / kCalls;
           });
         })
      .value_or(kNever);
}

SyscallPolicy strict(FilterShape shape) {
  Profile profile;
  profile.seccomp.enabled.value = true;
  SyscallPolicy policy = *program_policy(profile);
  policy.shape = shape;
  return policy;
}

}  // namespace

int main() {
  const struct {
    const char* name;
    FilterShape shape;
  } shapes[] = {{"priority", FilterShape::Priority}, {"binary-tree", FilterShape::BinaryTree}, {"ranges", FilterShape::Ranges}};
  double bare[std::size(kHotCalls)];
  for (std::size_t i = 0; i < std::size(kHotCalls); ++i) bare[i] = call_ns({}, kHotCalls[i]);

  std::printf("| `optimize` | instructions | made ms | proved ms | installed µs |");
  for (const HotCall& hot : kHotCalls) std::printf(" `%s` |", hot.name);
  std::printf("\n|---|---|---|---|---|---|---|---|---|---|\n| no filter | | | | |");
  for (const double ns : bare) std::printf(" %.0f ns |", ns);
  std::printf("\n");
  bool good = true;
  for (const auto& row : shapes) {
    const SyscallPolicy policy = strict(row.shape);
    const BpfProgram program = compile_filter(policy);
    const double made = least(kCompilations, [&] {
      const double begin = now_ns();
      return compile_filter(policy).empty() ? kNever : (now_ns() - begin) / 1e6;
    });
    const double proved = least(kCompilations, [&] {
      const double begin = now_ns();
      return disprove_filter(resolve_numbers(policy), program) ? kNever : (now_ns() - begin) / 1e6;
    });
    std::printf("| `%s` | %zu | %.2f | %.2f | %.0f |", row.name, program.size(), made, proved, load_us(program));
    for (std::size_t i = 0; i < std::size(kHotCalls); ++i) std::printf(" %zu, +%.0f ns |", steps(program, kHotCalls[i]), std::max(0.0, call_ns(program, kHotCalls[i]) - bare[i]));
    std::printf("\n");
    good = good && made < kNever && proved < kNever;
  }
  std::printf("\nThe strict filter. Of a call: instructions of the filter that it runs through, and what it costs beside the call without a filter.\n");
  return good ? 0 : 1;
}
