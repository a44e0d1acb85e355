// Templates first, then the rules of paths over the template's pieces.
#include "compiler/parse_text.h"

#include <algorithm>
#include <utility>

namespace immure {
namespace {

constexpr std::size_t kMaxPath = 4095, kMaxComponent = 255;  // PATH_MAX without the NUL, NAME_MAX
constexpr char kUnknown = '\0';                              // stands for what a variable will be bound to; no text has it
const char kDollarHelp[] = "a launch variable is written `${NAME}` or `${NAME:-default}`, a dollar `$$`";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a template and, beside it, what it will look like: text, defaults, and kUnknown where nothing is known, each with its place.
class TemplateReader {
 public:
  TemplateReader(std::string_view text, Template& out) : text_(text), out_(out) {}

  std::optional<TextFault> read() {
    out_.segments.clear();
    for (std::size_t at = 0; at < text_.size();) {
      if (text_[at] == '\0') return TextFault{Code::NulInString, at, at + 1, "NUL in a string"};
      if (text_[at] != '$') {
        literal(text_[at], at);
        ++at;
      } else if (text_.substr(at, 2) == "$$") {
        literal('$', at);
        at += 2;
      } else if (auto fault = variable(at)) {
        return fault;
      }
    }
    return std::nullopt;
  }

  const std::string& likeness() const { return likeness_; }
  /// Where in the text a byte of the likeness comes from.
  std::size_t place(std::size_t at) const { return at < places_.size() ? places_[at] : text_.size(); }

 private:
  std::string_view text_;
  Template& out_;
  std::string likeness_;
  std::vector<std::size_t> places_;

  void seem(char c, std::size_t place) {
    likeness_ += c;
    places_.push_back(place);
  }
  void literal(char c, std::size_t place) {
    if (out_.segments.empty() || out_.segments.back().variable) out_.segments.emplace_back();
    out_.segments.back().text += c;
    seem(c, place);
  }

  TextFault fault(std::size_t begin, std::size_t end, std::string message, std::string help = kDollarHelp) const {
    return {Code::BadVariable, begin, end, std::move(message), {std::move(help)}};
  }

  /// At a `$` that is not doubled; moves behind the variable.
  std::optional<TextFault> variable(std::size_t& at) {
    const std::size_t begin = at;
    std::size_t end = begin + 1;
    if (end == text_.size() || text_[end] != '{') return lone_dollar(begin);
    const std::size_t name_begin = ++end;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    const std::string name(text_.substr(name_begin, end - name_begin));
    const std::size_t close = text_.find('}', end);
    if (close == std::string_view::npos) return fault(begin, text_.size(), "`${` without its `}`");
    const bool has_default = text_.substr(end, 2) == ":-";
    if ((!has_default && end != close) || !is_variable_name(name, false)) {
      const std::string inside(text_.substr(name_begin, close - name_begin));
      return fault(begin, close + 1, inside.empty() ? "`${}` names no variable" : "`" + inside + "` is not the name of a variable");
    }
    Segment segment{true, name, std::nullopt};
    if (has_default) {
      if (auto wrong = fallback(begin, end + 2, close, segment)) return wrong;
    } else {
      seem(kUnknown, begin);
    }
    out_.segments.push_back(std::move(segment));
    at = close + 1;
    return std::nullopt;
  }

  std::optional<TextFault> fallback(std::size_t begin, std::size_t from, std::size_t close, Segment& segment) {
    segment.fallback.emplace();
    for (std::size_t i = from; i < close; ++i) {
      const bool doubled = text_.substr(i, 2) == "$$" && i + 1 < close;
      if (text_[i] == '\0') return TextFault{Code::NulInString, i, i + 1, "NUL in a string"};
      if (text_[i] == '$' && !doubled) return fault(i, i + 1, "a variable inside the default of a variable", "a default is plain text; a dollar in it is `$$`");
      *segment.fallback += text_[i];
      seem(text_[i], begin);
      i += doubled ? 1 : 0;
    }
    return std::nullopt;
  }

  TextFault lone_dollar(std::size_t begin) const {
    std::size_t end = begin + 1;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    const std::string name(text_.substr(begin + 1, end - begin - 1));
    if (!is_variable_name(name, false)) return fault(begin, begin + 1, "a dollar that begins no variable");
    TextFault result = fault(begin, end, "`$" + name + "` is not a launch variable");
    result.mended = std::string(text_.substr(0, begin)) + "${" + name + "}" + std::string(text_.substr(end));
    return result;
  }
};

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

/// "/a//b/./c/" as "/a/b/c".
std::string normal(std::string_view path) {
  std::string result;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view component = path.substr(begin, end - begin);
    if (!component.empty() && component != ".") result.append("/").append(component);
    begin = end + 1;
  }
  return result.empty() ? "/" : result;
}

std::optional<TextFault> check_start(std::string_view text, const TemplateReader& reader) {
  const std::string& path = reader.likeness();
  if (path.empty()) return TextFault{text.empty() ? Code::EmptyText : Code::RelativePath, 0, text.size(), "the path is empty", {"a path starts with `/`"}};
  if (path[0] == '~') {
    const bool own = path.size() == 1 || path[1] == '/';
    TextFault fault{Code::TildePath, 0, 1, "`~` is not expanded", {own ? "and add \"HOME\" to `launch.variables`" : "write the path in full"}};
    if (own) fault.mended = "${HOME}" + std::string(text.substr(1));
    return fault;
  }
  if (path[0] == '/' || path[0] == kUnknown) return std::nullopt;
  TextFault fault{Code::RelativePath, 0, text.size(), quoted(text) + " is not an absolute path", {}};
  if (path[0] != '.' && reader.place(0) == 0 && text[0] == path[0]) fault.mended = "/" + std::string(text);
  else fault.helps.emplace_back("a path starts with `/`, or with a launch variable that is bound to one, such as `${PWD}`");
  return fault;
}

std::optional<TextFault> check_component(std::string_view component, std::size_t begin, std::size_t end) {
  if (component.empty()) return TextFault{Code::PathNotNormal, begin, end, "an empty component in a path"};
  if (component == ".") return TextFault{Code::PathNotNormal, begin, end, "`.` in a path"};
  if (component == "..")
    return TextFault{Code::PathNotNormal, begin, end, "`..` in a path", {"write the path without it; where symbolic links are involved, the one that is meant"}};
  if (component == "~") return TextFault{Code::TildePath, begin, end, "`~` in a path", {"write the home directory as `${HOME}`"}};
  if (component.size() > kMaxComponent) {
    const std::string length = std::to_string(component.size());
    return TextFault{Code::PathTooLong, begin, end, "a component of " + length + " bytes", {"the kernel takes at most 255"}};
  }
  return std::nullopt;
}

}  // namespace

bool is_variable_name(std::string_view text, bool pattern) {
  const auto fits = [&](char c) { return is_letter(c) || is_digit(c) || (pattern && (c == '*' || c == '?')); };
  return !text.empty() && !is_digit(text[0]) && std::all_of(text.begin(), text.end(), fits);
}

std::optional<TextFault> parse_template(std::string_view text, Template& out) { return TemplateReader(text, out).read(); }

std::optional<TextFault> parse_path(std::string_view text, Template& out) {
  TemplateReader reader(text, out);
  if (auto fault = reader.read()) return fault;
  if (auto fault = check_start(text, reader)) return fault;
  const std::string& path = reader.likeness();
  const bool certain = out.literal() && path.find("/../") == std::string::npos && !path.ends_with("/..");
  const auto mended = [&](std::optional<TextFault> fault) {
    // A path with a dollar in it is left to its author: the mended text would have to be written as a template again.
    if (fault->code == Code::PathNotNormal && certain && path.find('$') == std::string::npos) fault->mended = normal(path);
    return fault;
  };
  if (path == "/") {
    if (out.literal()) return std::nullopt;
    return TextFault{Code::PathNotNormal, 0, text.size(), "a path with a launch variable may not come to `/`"};
  }
  for (std::size_t begin = path[0] == '/' ? 1 : 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::size_t place = reader.place(begin);
    if (begin == path.size()) return mended(TextFault{Code::PathNotNormal, text.size() - 1, text.size(), "a slash at the end of a path"});
    const std::string_view component = std::string_view(path).substr(begin, end - begin);
    if (auto fault = check_component(component, place, std::max(place + 1, reader.place(end)))) return mended(std::move(fault));
    begin = end + 1;
  }
  if (path.size() > kMaxPath) return TextFault{Code::PathTooLong, 0, text.size(), "a path of " + std::to_string(path.size()) + " bytes", {"the kernel takes at most 4095"}};
  return std::nullopt;
}

}  // namespace immure
