// What a fuzz target is: one function that takes any bytes, and `require`, which ends the process where a promise is broken.
//
// libFuzzer brings a main of its own; without it replay.cc does, so that every build, GCC's too, runs the corpora.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Not an assert: release builds hold it too.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}
