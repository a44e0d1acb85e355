// The human rendering, where the goldens do not reach: colour, hostile lines, labels.
#include "compiler/diag_text.h"

#include "tests/unit/catch.h"

using namespace immure;

namespace {
struct Fixture {
  Sources sources;
  Diagnostics diags;
  std::string plain() const { return render_human(diags, sources, false); }
};
}  // namespace

TEST_CASE("diag_text: columns count code points, carets count columns") {
  Fixture f;
  f.sources.add("a.toml", "\xe6\x97\xa5\t\xc3\xa4 = x\n");
  f.diags.add(Code::UnknownKey, {0, 4, 6}, "unknown key");
  CHECK(f.plain() ==
        "error[E0201]: unknown key\n"
        "  --> a.toml:1:3\n"
        "   |\n"
        " 1 | \xe6\x97\xa5    \xc3\xa4 = x\n"
        "   |       ^\n\n");
}

TEST_CASE("diag_text: labels of one line stand below one another, distant lines are cut") {
  Fixture f;
  f.sources.add("a.toml", "a = 1, b\n\n\nc\n");
  f.diags.add(Code::TwoOps, {0, 7, 8}, "two").label({0, 0, 1}, "here").label({0, 11, 12}, "there").help("one\ntwo");
  CHECK(f.plain() ==
        "error[E0209]: two\n"
        "  --> a.toml:1:8\n"
        "   |\n"
        " 1 | a = 1, b\n"
        "   |        ^\n"
        "   | - here\n"
        "...\n"
        " 4 | c\n"
        "   | - there\n"
        "   |\n"
        "   = help: one\n"
        "           two\n\n");
}

TEST_CASE("diag_text: a place of several lines is shown by its first") {
  Fixture f;
  f.sources.add("a.toml", "[[fs]]\nbind = 1\n");
  f.diags.add(Code::MissingOp, {0, 0, 15}, "no op");
  CHECK(f.plain().find("[[fs]]\n   | ^^^^^^\n") != std::string::npos);
}

TEST_CASE("diag_text: a place behind the last byte has a caret") {
  Fixture f;
  f.sources.add("a.toml", "a = ");
  f.diags.add(Code::TomlSyntax, {0, 4, 5}, "cut off");
  f.diags.add(Code::TomlSyntax, {0, 400, 500}, "beyond");
  CHECK(f.plain().find(" 1 | a = \n   |     ^\n") != std::string::npos);
}

TEST_CASE("diag_text: hostile lines stay short") {
  for (const std::string& piece : {std::string("x"), std::string("\x80"), std::string("\xcc\x81"), std::string("\x1b"), std::string("\xe6\x97\xa5")}) {
    std::string line;
    for (int i = 0; i < 100'000; ++i) line += piece;
    Fixture f;
    f.sources.add("a.toml", line);
    const auto middle = static_cast<std::uint32_t>(line.size() / 2);
    f.diags.add(Code::TomlSyntax, {0, middle, static_cast<std::uint32_t>(line.size())}, "here");
    CHECK(f.plain().size() < 4000);
  }
}

TEST_CASE("diag_text: names and messages reach the terminal escaped") {
  Fixture f;
  f.sources.add("\x1b[2J.toml", "x\n");
  f.diags.add(Code::UnknownKey, {0, 0, 1}, "unknown key `\x1b]0;\x07`").label({0, 0, 1}, "\x1b").help("\x9b").fix({0, 0, 1}, "\x1b", "\x1b");
  CHECK(f.plain().find('\x1b') == std::string::npos);
  CHECK(f.plain().find('\x9b') == std::string::npos);
}

TEST_CASE("diag_text: colour is around the words and never inside them") {
  Fixture f;
  f.sources.add("a.toml", "x\n");
  f.diags.add(Code::UnusedVariable, {0, 0, 1}, "unused");
  CHECK(render_human(f.diags, f.sources, true).starts_with("\x1b[1;33mwarning[W0201]\x1b[0m\x1b[1m: unused\x1b[0m\n"));
  CHECK(f.plain().find('\x1b') == std::string::npos);
}

TEST_CASE("diag_text: a thousand errors are counted, not printed") {
  Fixture f;
  f.sources.add("a.toml", std::string(1000, 'x'));
  for (std::uint32_t i = 0; i < 1000; ++i) f.diags.add(Code::UnknownKey, {0, i, i + 1}, "unknown");
  CHECK(f.plain().ends_with("and 800 more\n\n"));
  CHECK(summary(f.diags) == "1000 errors");
}

TEST_CASE("diag_text: the summary counts each diagnostic once") {
  Fixture f;
  f.sources.add("a.toml", "x\n");
  CHECK(summary(f.diags).empty());
  f.diags.add(Code::UnknownKey, {0, 0, 1}, "same");
  f.diags.add(Code::UnknownKey, {0, 0, 1}, "same");
  f.diags.add(Code::UnusedVariable, {0, 0, 1}, "a");
  CHECK(summary(f.diags) == "1 error, 1 warning");
}
