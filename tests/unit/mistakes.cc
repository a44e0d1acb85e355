// The ten most common mistakes of bwrap's users (schema/mistakes.def): each is found, and each finding tells the fix.
#include <set>

#include "tests/unit/from_text.h"

using namespace immure;

namespace {

struct Mistake {
  const char* title;
  Code code;
  const char *failing, *mended;
};
constexpr Mistake kMistakes[] = {
#define MISTAKE(title, code, before, failing, mended) {title, Code::code, failing, mended},
#include "schema/mistakes.def"
};

Diagnostics judge(const char* text) {
  Sources sources;
  Diagnostics diags;
  const auto profile = load_profile(
      "mistake.toml", sources,
      [&](const std::string&) {
        return FileText{text, 0};
      },
      diags);
  if (profile) check(*profile, simulate(*profile, diags), diags);
  return diags;
}

}  // namespace

TEST_CASE("mistakes: these ten") {
  std::vector<std::string> codes;
  for (const Mistake& mistake : kMistakes) codes.emplace_back(info(mistake.code).id);
  CHECK(codes == std::vector<std::string>{"E0301", "W0347", "E0306", "E0308", "E0210", "E0212", "E0304", "W0348", "E0308", "W0337"});
}

TEST_CASE("mistakes: each gives its diagnostic alone, with a help or a fix, and its mended form gives nothing") {
  for (const Mistake& mistake : kMistakes) {
    CAPTURE(mistake.title);
    const std::vector<Diagnostic> found = judge(mistake.failing).sorted();
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == mistake.code);
    CHECK((!found[0].helps.empty() || !found[0].fixes.empty()));
    CHECK(judge(mistake.mended).sorted().empty());
  }
}
