// Did you mean.
#include "compiler/suggest.h"

#include "tests/unit/catch.h"

using namespace immure;

namespace {
constexpr std::string_view kKeys[] = {"path", "args", "argv0", "pass-args", "cwd", "write", "env", "readonly"};
std::string near(std::string_view word) { return std::string(nearest(word, kKeys).value_or("")); }
}  // namespace

TEST_CASE("suggest: a slip of the keyboard finds its word") {
  CHECK(near("pth") == "path");
  CHECK(near("ptah") == "path");
  CHECK(near("pathh") == "path");
  CHECK(near("pass_args") == "pass-args");
  CHECK(near("PATH") == "path");
  CHECK(near("cdw") == "cwd");
}

TEST_CASE("suggest: a longer form finds its stem") {
  CHECK(near("writeable") == "write");
  CHECK(near("environment") == "env");
}

TEST_CASE("suggest: what is not near suggests nothing") {
  CHECK(near("").empty());
  CHECK(near("x").empty());
  CHECK(near("network").empty());
  CHECK(near("size").empty());
  CHECK(near(std::string(100'000, 'p')).empty());
}

TEST_CASE("suggest: lists read like prose") {
  constexpr std::string_view kTwo[] = {"a", "b"};
  constexpr std::string_view kThree[] = {"a", "b", "c"};
  CHECK(listed(std::span(kTwo).first(1)) == "`a`");
  CHECK(listed(kTwo) == "`a` and `b`");
  CHECK(listed(kThree, "or") == "`a`, `b` or `c`");
}
