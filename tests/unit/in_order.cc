// Results in their order, whatever the threads do.
#include "compiler/in_order.h"

#include <stdexcept>
#include <thread>

#include "tests/unit/catch.h"

using namespace immure;

TEST_CASE("in_order: results come in order, each once, with any number of threads") {
  for (const std::size_t jobs : {0U, 1U, 2U, 7U}) {
    for (const std::size_t count : {0U, 1U, 5U, 1000U}) {
      CAPTURE(jobs, count);
      std::size_t next = 0;
      bool ordered = true;
      in_order<std::size_t>(
          count, jobs,
          [](std::size_t i) {
            if (i % 7 == 0) std::this_thread::yield();
            return i * 2;
          },
          [&](std::size_t result) { ordered = ordered && result == 2 * next++; });
      CHECK(ordered);
      CHECK(next == count);
    }
  }
}

TEST_CASE("in_order: what a call throws comes out, after the results before it") {
  std::size_t taken = 0;
  const auto run = [&] {
    in_order<std::size_t>(
        10000, 4,
        [](std::size_t i) {
          if (i == 500) throw std::runtime_error("the five hundredth");
          return i;
        },
        [&](std::size_t) { ++taken; });
  };
  CHECK_THROWS_AS(run(), std::runtime_error);
  CHECK(taken == 500);
}
