// Templates and paths.
#include "compiler/parse_text.h"

#include "tests/unit/catch.h"

using namespace immure;

namespace {

std::string fault_of_path(std::string_view text) {
  Template out;
  const auto fault = parse_path(text, out);
  return fault ? std::string(info(fault->code).id) : "";
}
std::string mended_path(std::string_view text) {
  Template out;
  const auto fault = parse_path(text, out);
  return fault ? fault->mended.value_or("") : "";
}

}  // namespace

TEST_CASE("template: text, variables, defaults and dollars") {
  Template t;
  REQUIRE_FALSE(parse_template("a$$b${X}c${Y:-d$$}${Z:-}", t));
  REQUIRE(t.segments.size() == 5);
  CHECK(t.segments[0] == Segment{false, "a$b", std::nullopt});
  CHECK(t.segments[1] == Segment{true, "X", std::nullopt});
  CHECK(t.segments[2] == Segment{false, "c", std::nullopt});
  CHECK(t.segments[3] == Segment{true, "Y", "d$"});
  CHECK(t.segments[4] == Segment{true, "Z", ""});
  CHECK_FALSE(t.literal());
  REQUIRE_FALSE(parse_template("", t));
  CHECK(t.literal());
  CHECK(t.str().empty());
  REQUIRE_FALSE(parse_template("$$", t));
  CHECK(t.str() == "$");
  CHECK(t.shown() == "$$");
}

TEST_CASE("template: faults name their bytes") {
  Template t;
  for (const auto& [text, begin, end] :
       {std::tuple{"a$", 1, 2}, {"ab${X", 2, 5}, {"${}", 0, 3}, {"x${1}", 1, 5}, {"${X:}", 0, 5}, {"${X:-$Y}", 5, 6}, {"$X y", 0, 2}, {"${X Y}", 0, 6}}) {
    CAPTURE(text);
    const auto fault = parse_template(text, t);
    REQUIRE(fault);
    CHECK(fault->code == Code::BadVariable);
    CHECK(fault->begin == static_cast<std::size_t>(begin));
    CHECK(fault->end == static_cast<std::size_t>(end));
  }
}

TEST_CASE("template: a NUL is found wherever it stands") {
  Template t;
  using namespace std::string_view_literals;
  CHECK(parse_template("a\0b"sv, t)->code == Code::NulInString);
  CHECK(parse_template("${X:-\0}"sv, t)->code == Code::NulInString);
  CHECK(parse_path("/a\0b"sv, t)->code == Code::NulInString);
}

TEST_CASE("path: absolute and normal ones pass") {
  for (const char* good : {"/", "/a", "/a/b", "/a/..b/c..", "/.a", "/a~", "/a b", "${HOME}", "${HOME}/x", "/a/${X}", "/a${X}b/c", "${HOME:-/root}/x", "/a/...", "/$$x"}) {
    CAPTURE(good);
    CHECK(fault_of_path(good).empty());
  }
}

TEST_CASE("path: each rule has its code") {
  CHECK(fault_of_path("") == "E0224");
  for (const char* bad : {"a", "./a", "../a", ".", "a/b", "${X:-a}", "${X:-}a", "${X:-}"}) CHECK(fault_of_path(bad) == "E0210");
  for (const char* bad : {"//", "/a/", "/a//b", "/./a", "/a/.", "/..", "/a/../b", "${HOME}/", "${HOME}/../x", "${HOME}//x", "/a/${X:-}/b", "/a/${X:-..}", "${X:-/}"})
    CHECK(fault_of_path(bad) == "E0211");
  for (const char* bad : {"~", "~/a", "~root/a", "/~", "/home/~/x"}) CHECK(fault_of_path(bad) == "E0212");
  CHECK(fault_of_path("/" + std::string(255, 'x')).empty());
  CHECK(fault_of_path("/" + std::string(256, 'x')) == "E0227");
  std::string longest;
  for (int i = 0; i < 2047; ++i) longest += "/x";
  CHECK(fault_of_path(longest).empty());
  CHECK(fault_of_path(longest + "/x") == "E0227");
}

TEST_CASE("path: what is certain is mended") {
  CHECK(mended_path("/a//b/./c/") == "/a/b/c");
  CHECK(mended_path("//") == "/");
  CHECK(mended_path("usr/bin") == "/usr/bin");
  CHECK(mended_path("~/x") == "${HOME}/x");
  CHECK(mended_path("$HOME/x") == "${HOME}/x");
  CHECK(mended_path("/a/../b").empty());
  CHECK(mended_path("${X}/").empty());
}
