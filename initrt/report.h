// How the launcher speaks: one line on standard error, `NAME: PROFILE:LINE: what failed: error string (what to do)`, and the exit statuses of DESIGN 3.5.
#pragma once

#include "initrt/context.h"
#include "initrt/sys.h"

namespace initrt {

inline constexpr int kExitTimeout = 124;
inline constexpr int kExitLaunch = 125;
inline constexpr int kExitNotExecutable = 126;
inline constexpr int kExitNotFound = 127;

/// `error` 0: no error string. `hint` may be null. `status`: how the process ends.
[[noreturn]] void die_with(const Context& ctx, int status, const char* what, const char* detail, int error, const char* hint);
[[noreturn]] inline void die(const Context& ctx, const char* what, const char* detail = nullptr, int error = 0, const char* hint = nullptr) {
  die_with(ctx, kExitLaunch, what, detail, error, hint);
}

/// The same for a step that failed: `what` is its name, a verb first ("open the source"), and the line says "cannot " before it.
[[noreturn]] void die_cannot(const Context& ctx, const char* what, const char* detail, int error, const char* hint = nullptr);

/// Only the line.
void report(const Context& ctx, const char* what, const char* detail);

/// The one way in which a step's result is judged: traced where that was asked for, and fatal where it failed.
int must(const Context& ctx, Result result, const char* what, const char* detail = nullptr, const char* hint = nullptr);
/// The same without the judgement: only the trace.
Result traced(const Context& ctx, Result result, const char* what, const char* detail = nullptr);

const char* error_string(int error);

}  // namespace initrt
