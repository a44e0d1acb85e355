// UTF-8: validity and what a terminal may be given.
#include "compiler/utf8.h"

#include "tests/unit/catch.h"

using namespace immure;

TEST_CASE("utf8: valid text of every length passes") {
  CHECK_FALSE(first_invalid_utf8(""));
  CHECK_FALSE(first_invalid_utf8("a\xc3\xa4\xe6\x97\xa5\xf0\x9f\x98\x80"));
  CHECK_FALSE(first_invalid_utf8("\xf4\x8f\xbf\xbf"));  // U+10FFFF
}

TEST_CASE("utf8: the first bad byte is named") {
  CHECK(first_invalid_utf8("ab\xff") == 2);
  CHECK(first_invalid_utf8("a\x80") == 1);  // a continuation alone
  CHECK(first_invalid_utf8("\xc3") == 0);   // cut off
  CHECK(first_invalid_utf8("\xe6\x97") == 0);
  CHECK(first_invalid_utf8("\xc0\xaf") == 0);  // overlong
  CHECK(first_invalid_utf8("\xe0\x80\xaf") == 0);
  CHECK(first_invalid_utf8("\xf0\x80\x80\xaf") == 0);
  CHECK(first_invalid_utf8("\xed\xa0\x80") == 0);      // a surrogate
  CHECK(first_invalid_utf8("\xf4\x90\x80\x80") == 0);  // above U+10FFFF
}

TEST_CASE("utf8: nothing that steers a terminal is printable") {
  CHECK(printable("\x1b[31m") == "\\x1b[31m");
  CHECK(printable("a\nb\rc\x7f") == "a\\x0ab\\x0dc\\x7f");
  CHECK(printable("\xc2\x9b") == "\\u{9b}");  // the one-byte form of ESC [
  // NOLINTNEXTLINE(misc-misleading-bidirectional): it is what must not get through
  CHECK(printable("\xe2\x80\xae") == "\\u{202e}");  // right to left
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("\xc3\xa4\xe6\x97\xa5") == "\xc3\xa4\xe6\x97\xa5");
}
