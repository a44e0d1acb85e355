// One pass, no recursion, no allocation but the stack of brackets and the keys.
#include "compiler/toml_scan.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace immure {
namespace {

constexpr char kSeparator = '\0';  // cannot be in a text that gets here

bool bare(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

class Scanner {
 public:
  Scanner(std::string_view text, bool with_keys) : text_(text), with_keys_(with_keys) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  TomlScan run() {
    while (!done()) {
      skip_blank(true);
      if (done()) break;
      if (peek() == '[') header();
      else statement();
    }
    return std::move(scan_);
  }

 private:
  std::string_view text_;
  bool with_keys_;
  std::size_t at_ = 0;
  TomlScan scan_;
  std::string table_;                            // path of the current header
  std::map<std::string, std::size_t> elements_;  // of each [[array]]: how many entries so far
  std::size_t inline_tables_ = 0;

  bool done() const { return at_ >= text_.size() || scan_.too_deep; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  void stop(std::size_t place) { scan_.too_deep = static_cast<std::uint32_t>(place); }

  void skip_blank(bool lines) {
    for (; !done(); ++at_) {
      const char c = peek();
      if (c == '#') {
        comment();
        if (!lines || done()) return;
      } else if (c != ' ' && c != '\t' && c != '\r' && !(lines && c == '\n')) {
        return;
      }
    }
  }
  void skip_line() {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
  }

  void comment() {
    const std::size_t begin = at_;
    skip_line();
    if (!with_keys_) return;
    const std::size_t end = at_ > begin && text_[at_ - 1] == '\r' ? at_ - 1 : at_;
    scan_.comments.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
  }

  /// At a quote; behind the string afterwards.
  void skip_string() {
    const char quote = text_[at_];
    const bool multi = text_.substr(at_, 3) == std::string(3, quote);
    at_ += multi ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && quote == '"') {
        ++at_;
      } else if (c == quote && (!multi || text_.substr(at_, 3) == std::string(3, quote))) {
        at_ += multi ? 3 : 1;
        // `"""` may follow up to two quotes that belong to the text
        for (int i = 0; multi && i < 2 && peek() == quote && at_ < text_.size(); ++i) ++at_;
        return;
      } else if (c == '\n' && !multi) {
        return;
      }
    }
    at_ = std::min(at_, text_.size());
  }

  /// Reads a dotted key and appends its parts to `path`. At anything else it stays where it is.
  bool key(std::string& path) {
    std::size_t before = at_;
    for (std::uint32_t parts = 0; !done();) {
      skip_blank(false);
      const std::size_t begin = at_;
      if (peek() == '"' || peek() == '\'') skip_string();
      else
        while (!done() && bare(text_[at_])) ++at_;
      if (at_ == begin) break;
      if (++parts > kMaxTomlDepth) {
        stop(begin);
        return false;
      }
      if (with_keys_) path.append(1, kSeparator).append(unquoted(text_.substr(begin, at_ - begin)));
      before = at_;
      skip_blank(false);
      if (peek() != '.') break;
      ++at_;
    }
    at_ = before;
    return true;
  }
  static std::string_view unquoted(std::string_view part) { return part.size() >= 2 && !bare(part.front()) ? part.substr(1, part.size() - 2) : part; }

  void note(std::string path, std::size_t begin, bool is_header, bool in_line) {
    if (with_keys_ && at_ > begin) scan_.keys.push_back({std::move(path), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), is_header, in_line, 0});
  }

  void header() {
    const bool array = text_.substr(at_, 2) == "[[";
    at_ += array ? 2 : 1;
    skip_blank(false);
    const std::size_t begin = at_;
    std::string written;
    if (!key(written)) return;
    table_ = element_path(written);
    note(table_, begin, !array, false);
    if (array) table_ += "#" + std::to_string(++elements_[table_]);
    skip_blank(false);
    for (int i = 0; i < 2 && peek() == ']'; ++i) ++at_;
    skip_blank(false);
    skip_line();
  }

  /// A header below `[[fs]]` means the last entry of fs.
  std::string element_path(const std::string& written) const {
    std::string path;
    for (std::size_t begin = 0; begin < written.size();) {
      const std::size_t next = std::min(written.find(kSeparator, begin + 1), written.size());
      path += written.substr(begin, next - begin);
      const auto found = elements_.find(path);
      if (next < written.size() && found != elements_.end()) path += "#" + std::to_string(found->second);
      begin = next;
    }
    return path;
  }

  void statement() {
    const std::size_t begin = at_;
    std::string path = table_;
    if (!key(path)) return;
    if (at_ == begin) return skip_line();  // not a key: toml++ will say what it thinks of it
    note(std::move(path), begin, false, false);
    const std::size_t index = scan_.keys.size();
    skip_blank(false);
    if (peek() != '=') return skip_line();
    ++at_;
    value();
    if (with_keys_) scan_.keys[index - 1].statement_end = static_cast<std::uint32_t>(at_);
  }

  /// To the end of the statement: a line feed outside all brackets.
  void value() {
    struct Open {
      char bracket;
      std::string path;
    };
    std::vector<Open> open;
    while (!done()) {
      skip_blank(!open.empty() && open.back().bracket == '[');
      if (done()) return;
      const char c = peek();
      if (c == '\n') return;
      if (c == '"' || c == '\'') {
        skip_string();
        continue;
      }
      ++at_;
      if (c == '[' || c == '{') {
        if (open.size() >= kMaxTomlDepth) return stop(at_ - 1);
        open.push_back({c, with_keys_ ? "{" + std::to_string(++inline_tables_) : std::string()});
      } else if ((c == ']' || c == '}') && !open.empty()) {
        open.pop_back();
      }
      if ((c == '{' || c == ',') && !open.empty() && open.back().bracket == '{') inline_key(open.back().path);
    }
  }
  void inline_key(const std::string& container) {
    skip_blank(false);
    const std::size_t begin = at_;
    std::string path = container;
    if (key(path)) note(std::move(path), begin, false, true);
  }
};

}  // namespace

TomlScan scan_toml(std::string_view text, bool with_keys) { return Scanner(text, with_keys).run(); }

}  // namespace immure
