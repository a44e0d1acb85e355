// Dispositions that the caller ignored would be the program's too (KERNEL H 52), and SIGCHLD ignored (Erlang and others do) would reap init behind our back. Handlers
// do not outlive execve(2), so what differs from the default is exactly what is ignored; /proc/self/status has that set in one line, where asking or
// resetting signal by signal takes 62 calls. Where the line cannot be read, those are made.
#include "initrt/signals.h"

#include "initrt/descriptors.h"
#include "initrt/report.h"
#include "initrt/sys.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr const char* kLabel = "SigIgn:\t";
constexpr int kDigits = 16;

/// The value of a hexadecimal digit as the kernel writes it, or -1.
int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/// The set in the line of `status` that starts with the label; all signals where there is no such line.
SignalSet parse_ignored(const char* status) {
  while (!starts_with(status, kLabel)) {
    while (*status != 0 && *status != '\n') ++status;
    if (*status++ == 0) return kAllSignals;
  }
  const char* digits = status + length(kLabel);
  SignalSet set = 0;
  for (int i = 0; i < kDigits; ++i) {
    const int value = digit_value(digits[i]);
    if (value < 0) return kAllSignals;
    set = set << 4 | static_cast<SignalSet>(value);
  }
  return digits[kDigits] == '\n' ? set : kAllSignals;
}

SignalSet ignored_signals(const Context& ctx) {
  const Result fd = traced(ctx, sys::openat(kHere, "/proc/self/status", O_RDONLY | O_CLOEXEC), "look which signals are ignored");
  if (fd.failed()) return kAllSignals;
  char status[2048];  // the line comes after about 800 bytes, later where there are many groups
  const Result size = sys::read(fd.value(), status, sizeof status - 1);
  close_soon(fd.value());  // init closes all that it inherits
  if (size.failed()) return kAllSignals;
  status[size.raw] = 0;
  return parse_ignored(status);
}

}  // namespace

void reset_signals(const Context& ctx) {
  const SignalSet ignored = ignored_signals(ctx);
  for (int signal = 1; signal <= kLastSignal; ++signal) {
    const bool fixed = signal == kSigKill || signal == kSigStop;
    if (!fixed && (ignored >> (signal - 1) & 1) != 0) must(ctx, sys::default_signal(signal), "reset a signal");
  }
}

}  // namespace initrt
