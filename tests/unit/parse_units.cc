// Sizes, modes, durations, base64: the boundaries.
#include "compiler/parse_units.h"

#include "tests/unit/catch.h"

using namespace immure;

namespace {
template <class T, class F>
std::string fault(F parse, std::string_view text, T& out) {
  const auto result = parse(text, out);
  return result ? std::string(info(result->code).id) : "";
}
}  // namespace

TEST_CASE("size: units and their factors") {
  type::Size size;
  const auto bytes = [&](std::string_view text) {
    REQUIRE(fault(parse_size, text, size).empty());
    CHECK_FALSE(size.percent);
    return size.number;
  };
  CHECK(bytes("1B") == 1);
  CHECK(bytes("64MiB") == 64ULL << 20);
  CHECK(bytes("64 MiB") == 64ULL << 20);
  CHECK(bytes("3KB") == 3000);
  CHECK(bytes("010KiB") == 10240);  // never octal
  CHECK(bytes("9223372036854775807B") == (1ULL << 63) - 1);
  CHECK(bytes("8388607TiB") == 8388607ULL << 40);
  REQUIRE(fault(parse_size, "25%", size).empty());
  CHECK((size.percent && size.number == 25));
}

TEST_CASE("size: what the kernel would take for no limit is an error") {
  type::Size size;
  for (const char* text : {"0B", "0%", "000GiB", "9223372036854775808B", "8388608TiB", "99999999999999999999999999KiB"}) CHECK(fault(parse_size, text, size) == "E0225");
  CHECK(check_size(0, size)->code == Code::SizeUnlimited);
  CHECK(check_size(-1, size)->code == Code::BadSize);
  CHECK_FALSE(check_size(1, size));
}

TEST_CASE("size: everything else is not one") {
  type::Size size;
  for (const char* text : {"", "1", "MiB", "-1MiB", "+1MiB", "1.5MiB", "0x10B", "1  MiB", " 1MiB", "1MiB ", "1mib", "1M", "25 % "}) CHECK(fault(parse_size, text, size) == "E0217");
  CHECK(parse_size("64m", size)->mended == "64MiB");
  CHECK(parse_size("64 gb", size)->mended == "64GB");
}

TEST_CASE("mode: octal up to 7777") {
  type::Mode mode;
  REQUIRE(fault(parse_mode, "0755", mode).empty());
  CHECK(mode.bits == 0755);
  REQUIRE(fault(parse_mode, "07777", mode).empty());
  CHECK(mode.bits == 07777);
  for (const char* text : {"", "8", "rwx", "0o755", "0x1ff", "-1", "000755"}) CHECK(fault(parse_mode, text, mode) == "E0216");
  for (const char* text : {"10000", "17777", "37777777777", "7777777777777777777777777777"}) CHECK(fault(parse_mode, text, mode) == "E0226");
}

TEST_CASE("duration: units, and nothing above 32 bits of milliseconds") {
  type::Duration duration;
  const auto ms = [&](std::string_view text) {
    REQUIRE(fault(parse_duration, text, duration).empty());
    return duration.ms;
  };
  CHECK(ms("0s") == 0);
  CHECK(ms("500ms") == 500);
  CHECK(ms("5 s") == 5000);
  CHECK(ms("2m") == 120'000);
  CHECK(ms("1193h") == 1193U * 3'600'000U);
  CHECK(ms("4294967295ms") == 4294967295U);
  for (const char* text : {"", "5", "s", "-1s", "1.5s", "1d", "4294967296ms", "1194h", "99999999999999999999s"}) CHECK(fault(parse_duration, text, duration) == "E0218");
}

TEST_CASE("base64: round sizes, padding, line breaks") {
  std::string out;
  const auto bytes = [&](std::string_view text) {
    REQUIRE(fault(parse_base64, text, out).empty());
    return out;
  };
  CHECK(bytes("").empty());
  CHECK(bytes("YQ==") == "a");
  CHECK(bytes("YWI=") == "ab");
  CHECK(bytes("YWJj") == "abc");
  CHECK(bytes("YQ") == "a");
  CHECK(bytes("YW\nJj\n") == "abc");
  CHECK(bytes("AP8=") == std::string("\0\xff", 2));
  for (const char* text : {"Y", "YW=Jj", "YQ=", "YQ===", "=", "YR==", "YW*j", "YWJjZ"}) CHECK(fault(parse_base64, text, out) == "E0222");
}
