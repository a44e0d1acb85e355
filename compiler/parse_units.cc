// All arithmetic is checked: a number that does not fit is a fault, never another number.
#include "compiler/parse_units.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace immure {
namespace {

constexpr std::uint64_t kMaxSize = std::numeric_limits<std::int64_t>::max();  // KERNEL 2.7: above, tmpfs wraps

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::uint64_t kKiB = 1024, kKB = 1000;
constexpr Unit kSizeUnits[] = {{"B", 1},    {"KiB", kKiB},    {"MiB", kKiB* kKiB},   {"GiB", kKiB* kKiB* kKiB},  {"TiB", kKiB* kKiB* kKiB* kKiB},
                               {"KB", kKB}, {"MB", kKB* kKB}, {"GB", kKB* kKB* kKB}, {"TB", kKB* kKB* kKB* kKB}, {"%", 1}};
constexpr Unit kTimeUnits[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A number and what follows it, one space between them or none.
struct Measure {
  std::string_view digits, unit;
};
Measure split(std::string_view text) {
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  Measure result{text.substr(0, end), text.substr(end)};
  if (result.unit.starts_with(' ')) result.unit.remove_prefix(1);
  return result;
}

/// Saturates: what does not fit is larger than every limit.
std::uint64_t number(std::string_view digits, std::uint64_t base = 10) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    const std::uint64_t digit = static_cast<std::uint64_t>(c - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / base) return std::numeric_limits<std::uint64_t>::max();
    value = value * base + digit;
  }
  return value;
}

template <std::size_t N>
const Unit* find(const Unit (&units)[N], std::string_view name) {
  for (const Unit& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

/// "64M", "64mb", "64 k" as "64MiB", "64MB", "64KiB": a single letter means powers of two, as in mount options.
std::optional<std::string> likely_size(const Measure& measure) {
  if (measure.digits.empty() || measure.unit.empty()) return std::nullopt;
  std::string unit(measure.unit);
  for (char& c : unit) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  if (unit.size() == 1 && unit != "B") unit += "IB";
  for (const Unit& known : kSizeUnits) {
    std::string upper(known.name);
    for (char& c : upper) c = c == 'i' ? 'I' : c;
    if (upper == unit) return std::string(measure.digits) + std::string(known.name);
  }
  return std::nullopt;
}

std::string is_not(std::string_view text, const char* what) { return text.empty() ? std::string("an empty text is not ") + what : "`" + std::string(text) + "` is not " + what; }

TextFault unlimited(std::string_view text, std::string message) {
  return {Code::SizeUnlimited, 0, text.size(), std::move(message), {"leave the key out for the kernel's default, half of RAM"}};
}

}  // namespace

std::optional<TextFault> check_size(std::int64_t bytes, type::Size& out) {
  if (bytes < 0) return TextFault{Code::BadSize, 0, 0, "a negative size"};
  if (bytes == 0) return unlimited("", "a size of 0 means no limit to the kernel");
  out = {static_cast<std::uint64_t>(bytes), false};
  return std::nullopt;
}

std::optional<TextFault> parse_size(std::string_view text, type::Size& out) {
  const Measure measure = split(text);
  const Unit* unit = find(kSizeUnits, measure.unit);
  if (measure.digits.empty() || unit == nullptr) {
    TextFault fault{Code::BadSize, 0, text.size(), is_not(text, "a size"), {}};
    fault.mended = likely_size(measure);
    if (!fault.mended) fault.helps.emplace_back("a size is a whole number with a unit, such as \"64MiB\" or \"25%\", or a number of bytes without quotes");
    return fault;
  }
  const std::uint64_t amount = number(measure.digits);
  if (amount == 0) return unlimited(text, "a size of 0 means no limit to the kernel");
  const bool percent = unit->name == "%";
  if (percent && amount > 100'000) return TextFault{Code::BadSize, 0, text.size(), "more than a thousand times the memory of any host"};
  if (amount > kMaxSize / unit->factor) return unlimited(text, "a size above 2^63-1 wraps round in the kernel");
  out = {amount * unit->factor, percent};
  return std::nullopt;
}

std::optional<TextFault> parse_mode(std::string_view text, type::Mode& out) {
  const bool octal = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '7'; });
  if (!octal) return TextFault{Code::BadMode, 0, text.size(), is_not(text, "a mode"), {"a mode is an octal number, such as \"0755\""}};
  const std::uint64_t bits = number(text, 8);
  if (bits > 07777) return TextFault{Code::ModeTooLarge, 0, text.size(), "mode `" + std::string(text) + "` is above 7777"};
  if (text.size() > 5) return TextFault{Code::BadMode, 0, text.size(), "a mode of " + std::to_string(text.size()) + " digits", {"write at most five digits"}};
  out.bits = static_cast<std::uint32_t>(bits);
  return std::nullopt;
}

std::optional<TextFault> parse_duration(std::string_view text, type::Duration& out) {
  const Measure measure = split(text);
  const Unit* unit = find(kTimeUnits, measure.unit);
  if (measure.digits.empty() || unit == nullptr)
    return TextFault{Code::BadDuration, 0, text.size(), is_not(text, "a duration"), {"a duration is a whole number with a unit: \"500ms\", \"5s\", \"2m\", \"1h\""}};
  const std::uint64_t amount = number(measure.digits);
  if (amount > std::numeric_limits<std::uint32_t>::max() / unit->factor)
    return TextFault{Code::BadDuration, 0, text.size(), "`" + std::string(text) + "` is too long", {"the longest duration is 1193 hours"}};
  out.ms = static_cast<std::uint32_t>(amount * unit->factor);
  return std::nullopt;
}

std::optional<TextFault> parse_base64(std::string_view text, std::string& out) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.clear();
  std::uint32_t bits = 0, count = 0, digits = 0, padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    const std::size_t value = kAlphabet.find(c);
    const bool pad = c == '=' && digits % 4 >= 2;
    if ((value == std::string_view::npos && !pad) || (padding > 0 && !pad))
      return TextFault{Code::BadBase64, i, i + 1, value == std::string_view::npos && c != '=' ? "a character that base64 does not have" : "padding in the middle of base64"};
    ++digits;
    if (pad) {
      ++padding;
      continue;
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
    bits &= (1U << count) - 1;
  }
  const std::uint32_t last = (digits - padding) % 4;
  if (last == 1 || (padding > 0 && digits % 4 != 0)) return TextFault{Code::BadBase64, 0, text.size(), "base64 of an impossible length"};
  if (bits != 0) return TextFault{Code::BadBase64, 0, text.size(), "base64 whose last bits are lost", {"the text was cut, or is not base64"}};
  return std::nullopt;
}

}  // namespace immure
