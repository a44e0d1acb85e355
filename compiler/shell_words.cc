// One walk over the bytes. An array `NAME=( … )` is kept, and "${NAME[@]}" is replaced by its words where it stands in a command.
#include "compiler/shell_words.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace immure {
namespace {

bool name_char(char c, bool first) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (!first && std::isdigit(static_cast<unsigned char>(c)) != 0); }

class Reader {
 public:
  Reader(std::string_view text, std::uint32_t file) : text_(text), file_(file) {}

  ShellScript run() {
    while (at_ < text_.size()) step();
    end_command();
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  Span span(std::size_t from) const { return {file_, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(at_)}; }

  // ---- between words ----
  void step() {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r') ++at_;
    else if (c == '\\' && peek(1) == '\n') at_ += 2;
    else if (c == '#') comment();
    else if (c == '\n' || c == ';' || c == '&' || c == '|') separator();
    else if (c == '(' || c == ')') parenthesis();
    else if (c == '<' || c == '>') redirection();
    else word();
  }
  void comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }
  void separator() {
    if (in_array_.empty()) end_command();
    const bool line = peek() == '\n';
    ++at_;
    if (line) here_documents();
  }
  void parenthesis() {
    const bool closes = peek() == ')';
    ++at_;
    if (closes && !in_array_.empty()) {
      in_array_.clear();
      return;
    }
    if (in_array_.empty()) end_command();
  }
  void redirection() {
    const std::size_t from = at_;
    const bool input = peek() == '<';
    while (peek() == '<' || peek() == '>' || peek() == '&' || peek() == '|') ++at_;
    if (peek() == '(') return substitution(at_ - 1);
    const bool here = text_.substr(from, 2) == "<<" && text_.substr(from, 3) != "<<<";
    if (here && peek() == '-') ++at_;
    while (peek() == ' ' || peek() == '\t') ++at_;
    const ShellWord target = read_word();
    if (here) here_.push_back(target.text.literal() ? target.text.str() : "");
    else if (input && target.text.literal() && target.text.str() == "/dev/null") command_.null_input = true;
  }
  /// A process substitution: a word that is not known.
  void substitution(std::size_t from) {
    skip_parentheses();
    ShellWord word;
    word.known = false;
    word.span = span(from);
    put(std::move(word));
  }
  void here_documents() {
    for (const std::string& end : here_) {
      for (std::string_view line; at_ < text_.size();) {
        const std::size_t stop = std::min(text_.find('\n', at_), text_.size());
        line = text_.substr(at_, stop - at_);
        at_ = std::min(stop + 1, text_.size());
        if (line.substr(std::min(line.find_first_not_of('\t'), line.size())) == end) break;
      }
    }
    here_.clear();
  }
  /// From `(` to behind its `)`.
  void skip_parentheses() {
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == '\'' || c == '"') {
        (void)read_word();
        continue;
      }
      if (c == '<' && peek(1) == '<' && peek(2) != '<') {
        redirection();
        continue;
      }
      ++at_;
      if (c == '\\') at_ = std::min(at_ + 1, text_.size());
      if (c == '\n') here_documents();
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return;
    }
  }

  // ---- words ----
  void word() {
    const std::size_t from = at_;
    while (name_char(peek(), at_ == from)) ++at_;
    const std::string name(text_.substr(from, at_ - from));
    if (!name.empty() && command_.words.empty() && in_array_.empty()) {
      const bool more = peek() == '+' && peek(1) == '=';
      if (more || peek() == '=') {
        at_ += more ? 2 : 1;
        return assignment(name, more);
      }
    }
    at_ = from;
    ShellWord read = read_word();
    // The number or the {name} of a descriptor before its redirection.
    if ((peek() == '<' || peek() == '>') && read.text.literal() && !read.text.segments.empty()) {
      const std::string text = read.text.str();
      if (std::all_of(text.begin(), text.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }) || (text.front() == '{' && text.back() == '}')) return;
    }
    put(std::move(read));
  }
  void assignment(const std::string& name, bool more) {
    if (peek() != '(') {
      ShellWord value = read_word();
      if (depth_ == 0) variables_[name] = std::move(value);
      return;
    }
    ++at_;
    in_array_ = name;
    if (depth_ > 0) in_array_ = kUnread;
    else if (!more) arrays_[name].clear();
  }
  void put(ShellWord word) {
    if (in_array_.empty()) command_.words.push_back(std::move(word));
    else if (in_array_ != kUnread) arrays_[in_array_].push_back(std::move(word));
  }

  ShellWord read_word() {
    ShellWord out;
    const std::size_t from = at_;
    if (peek() == '~' && (peek(1) == '/' || std::string_view(" \t\n;").find(peek(1)) != std::string_view::npos)) {
      ++at_;
      variable(out, "HOME", std::nullopt);
    }
    while (at_ < text_.size() && std::string_view(" \t\r\n;&|()<>").find(peek()) == std::string_view::npos) piece(out, false);
    if (at_ == from) ++at_;  // something stray: never stand still
    out.span = span(from);
    return out;
  }
  void piece(ShellWord& out, bool quoted) {
    const char c = peek();
    if (c == '\\') return escape(out, quoted);
    if (c == '$') return dollar(out);
    if (c == '`') return unknown_until(out, '`');
    if (!quoted && c == '\'') return single(out);
    if (!quoted && c == '"') return double_quotes(out);
    if (!quoted && (c == '*' || c == '?')) out.known = false;  // a pattern
    literal(out, c);
    ++at_;
  }
  void escape(ShellWord& out, bool quoted) {
    ++at_;
    const char c = peek();
    if (at_ < text_.size()) ++at_;
    if (c == '\n') return;
    if (quoted && std::string_view("\\\"$`").find(c) == std::string_view::npos) literal(out, '\\');
    literal(out, c);
  }
  void single(ShellWord& out) {
    const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
    for (++at_; at_ < end; ++at_) literal(out, peek());
    touch(out);
    at_ = std::min(end + 1, text_.size());
  }
  void double_quotes(ShellWord& out) {
    for (++at_; at_ < text_.size() && peek() != '"';) piece(out, true);
    touch(out);
    at_ = std::min(at_ + 1, text_.size());
  }
  void unknown_until(ShellWord& out, char end) {
    out.known = false;
    at_ = std::min(text_.find(end, at_ + 1), text_.size() - 1) + 1;
  }
  void dollar(ShellWord& out) {
    const char next = peek(1);
    if (next == '(') {
      ++at_;
      out.known = false;
      return skip_parentheses();
    }
    if (next == '\'') {
      ++at_;
      return single(out);
    }
    if (next == '@' || next == '*') {
      out.arguments = true;
      at_ += 2;
      return;
    }
    if (next == '{') return braces(out);
    const std::size_t from = ++at_;
    while (name_char(peek(), at_ == from)) ++at_;
    if (at_ != from) return variable(out, std::string(text_.substr(from, at_ - from)), std::nullopt);
    if (std::isdigit(static_cast<unsigned char>(next)) != 0 || std::string_view("?!#$-").find(next) != std::string_view::npos) {
      out.known = false;
      ++at_;
      return;
    }
    literal(out, '$');
  }
  void braces(ShellWord& out) {
    const std::size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) return unknown_until(out, '}');
    const std::string_view inside = text_.substr(at_ + 2, end - at_ - 2);
    at_ = end + 1;
    std::size_t length = 0;
    while (length < inside.size() && name_char(inside[length], length == 0)) ++length;
    const std::string name(inside.substr(0, length));
    const std::string_view rest = inside.substr(length);
    if (inside == "@" || inside == "*") out.arguments = true;
    else if (name.empty()) out.known = false;
    else if (rest == "[@]" || rest == "[*]") out.array = name;
    else if (rest.empty() || rest.starts_with(":?") || rest.starts_with("?")) variable(out, name, std::nullopt);
    else if ((rest.starts_with(":-") || rest.starts_with("-")) && rest.find_first_of("$`\"'\\") == std::string_view::npos)
      variable(out, name, std::string(rest.substr(rest.find('-') + 1)));
    else out.known = false;
  }
  void variable(ShellWord& out, const std::string& name, std::optional<std::string> fallback) {
    if (const auto known = variables_.find(name); known != variables_.end()) {
      for (const Segment& segment : known->second.text.segments) append(out, segment);
      out.known = out.known && known->second.known && known->second.array.empty() && !known->second.arguments;
      return;
    }
    append(out, Segment{true, name, std::move(fallback)});
  }
  static void append(ShellWord& out, const Segment& segment) {
    std::vector<Segment>& all = out.text.segments;
    if (!segment.variable && !all.empty() && !all.back().variable) all.back().text += segment.text;
    else all.push_back(segment);
  }
  static void literal(ShellWord& out, char c) { append(out, Segment{false, std::string(1, c), {}}); }
  /// '' is a word too.
  static void touch(ShellWord& out) {
    if (out.text.segments.empty()) out.text.segments.push_back(Segment{});
  }

  // ---- commands ----
  void end_command() {
    ShellCommand done;
    std::swap(done, command_);
    // Words that open and close what is not run; those that only stand before a command.
    static const std::set<std::string, std::less<>> opens{"for", "while", "until", "if", "case", "select", "{"}, closes{"done", "fi", "esac", "}"},
        before{"then", "do", "else", "elif", "!", "time"};
    while (!done.words.empty() && done.words[0].text.literal()) {
      const std::string first = done.words[0].text.str();
      if (opens.contains(first) && depth_++ == 0) out_.skipped.push_back(done.words[0].span);
      if (closes.contains(first) && depth_ > 0) --depth_;
      if (!opens.contains(first) && !closes.contains(first) && !before.contains(first)) break;
      done.words.erase(done.words.begin());
    }
    if (depth_ > 0 || done.words.empty()) return;
    std::vector<ShellWord> words;
    for (ShellWord& word : done.words) {
      const auto array = arrays_.find(word.array);
      if (word.array.empty() || array == arrays_.end()) words.push_back(std::move(word));
      else words.insert(words.end(), array->second.begin(), array->second.end());
    }
    done.words = std::move(words);
    out_.commands.push_back(std::move(done));
  }

  static constexpr const char* kUnread = "(";  // no name of an array

  std::string_view text_;
  std::uint32_t file_;
  std::size_t at_ = 0;
  int depth_ = 0;
  ShellCommand command_;
  std::string in_array_;
  std::map<std::string, std::vector<ShellWord>> arrays_;
  std::map<std::string, ShellWord> variables_;
  std::vector<std::string> here_;
  ShellScript out_;
};

}  // namespace

ShellScript read_shell(std::string_view text, std::uint32_t file) { return Reader(text, file).run(); }

}  // namespace immure
