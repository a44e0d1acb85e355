// The line table.
#include "compiler/source.h"

#include "tests/unit/catch.h"

using namespace immure;

TEST_CASE("source: positions count lines and bytes from 1") {
  const SourceFile file("a.toml", "one\n\nthree");
  CHECK(file.line_count() == 3);
  CHECK(file.position(0).line == 1);
  CHECK(file.position(3).column == 4);
  CHECK(file.position(4).line == 2);
  CHECK(file.position(5).line == 3);
  CHECK(file.position(9).column == 5);
  CHECK(file.position(10).line == 3);  // the end of the file
}

TEST_CASE("source: a line comes without its line end") {
  const SourceFile file("a.toml", "one\r\ntwo\n");
  CHECK(file.line_text(1) == "one");
  CHECK(file.line_text(2) == "two");
  CHECK(file.line_text(3).empty());
  CHECK(file.line_text(99).empty());
}

TEST_CASE("source: an empty file has one empty line") {
  const SourceFile file("a.toml", "");
  CHECK(file.line_count() == 1);
  CHECK(file.line_text(1).empty());
  CHECK(file.position(0).line == 1);
}

TEST_CASE("source: the line of nowhere is 0") {
  Sources sources;
  sources.add("a.toml", "x\ny");
  CHECK(sources.line(Span{}) == 0);
  CHECK(sources.line(Span{0, 2, 3}) == 2);
}
