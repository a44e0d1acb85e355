// A baseline's entries answer as often as they were counted, and only what is a baseline is read as one.
#include "compiler/baseline.h"

#include "tests/unit/catch.h"

using namespace immure;

namespace {
Finding finding(std::string line) {
  Finding out;
  out.code = Code::SizeRounded;
  out.place.file = "/profiles/a.toml";
  out.message = "rounded";
  out.line = std::move(line);
  return out;
}
}  // namespace

TEST_CASE("baseline: written and read again it knows each finding as often as it was found") {
  Baseline written("/profiles/known.json");
  written.add(finding("size = 1"));
  written.add(finding("size = 1"));
  written.add(finding("size = 2"));
  std::string why;
  std::optional<Baseline> read = Baseline::read("/profiles/known.json", written.text(), why);
  REQUIRE(read.has_value());
  CHECK(read->text() == written.text());
  CHECK(read->text().find("\"file\": \"a.toml\"") != std::string::npos);
  CHECK(read->take(finding("size = 1")));
  CHECK(read->take(finding("size = 1")));
  CHECK_FALSE(read->take(finding("size = 1")));
  CHECK_FALSE(read->take(finding("size = 3")));
  CHECK(read->left() == 1);
}

TEST_CASE("baseline: what is none is refused with a reason") {
  for (const char* text : {"", "[]", "{}", "{\"version\":2,\"findings\":[]}", "{\"version\":1}", "{\"version\":1,\"findings\":[{}]}",
                           "{\"version\":1,\"findings\":[{\"file\":1,\"code\":\"\",\"message\":\"\",\"line\":\"\",\"count\":1}]}"}) {
    CAPTURE(text);
    std::string why;
    CHECK_FALSE(Baseline::read("known.json", text, why).has_value());
    CHECK_FALSE(why.empty());
  }
}
