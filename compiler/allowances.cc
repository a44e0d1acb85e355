// Finds the comments with the scanner's eyes (toml_scan.h), so that a `#` in a string is none, and their scope by its keys.
#include "compiler/allowances.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "compiler/suggest.h"
#include "compiler/toml_scan.h"

namespace immure {
namespace {

constexpr std::string_view kMark = "immure:";
constexpr std::string_view kVerb = "allow";

struct Word {
  std::string_view text;
  Span span;
};

/// One code of one comment.
struct Allowance {
  Code code = Code::AllowUnused;
  Span span;   // of the code
  Span scope;  // where it holds
  bool used = false;
};

bool blank(char c) { return c == ' ' || c == '\t'; }

bool looks_like_code(std::string_view word) {
  return word.size() == 5 && (word[0] == 'E' || word[0] == 'W' || word[0] == 'N') &&
         std::all_of(word.begin() + 1, word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// What stands between blanks and commas, up to `--`.
std::vector<Word> words_of(std::string_view text, Span at) {
  std::vector<Word> words;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && !blank(text[end]) && text[end] != ',') ++end;
    if (text.substr(begin, end - begin) == "--") break;
    if (end > begin) words.push_back({text.substr(begin, end - begin), {at.file, at.begin + static_cast<std::uint32_t>(begin), at.begin + static_cast<std::uint32_t>(end)}});
    begin = end + 1;
  }
  return words;
}

bool has_reason(std::string_view text) {
  const std::size_t dashes = text.find(" -- ");
  return dashes != std::string_view::npos && text.find_first_not_of(" \t", dashes + 4) != std::string_view::npos;
}

class FileReader {
 public:
  FileReader(const SourceFile& file, std::uint32_t index, Diagnostics& diags) : file_(file), text_(file.text()), index_(index), diags_(diags) {}

  std::vector<Allowance> read() {
    // Nearly every file ends here: the scan costs as much as all the rest of a small profile's check.
    if (text_.find(kMark) == std::string_view::npos || text_.find('#') == std::string_view::npos) return {};
    scan_ = scan_toml(text_, true);
    for (const TomlComment& comment : scan_.comments) read(comment);
    return std::move(found_);
  }

 private:
  const SourceFile& file_;
  std::string_view text_;
  std::uint32_t index_;
  Diagnostics& diags_;
  TomlScan scan_;
  std::vector<Allowance> found_;

  Span at(std::size_t begin, std::size_t end) const { return {index_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}; }

  void read(const TomlComment& comment) {
    std::size_t begin = comment.begin + 1;
    while (begin < comment.end && blank(text_[begin])) ++begin;
    if (text_.substr(begin, kMark.size()) != kMark) return;
    begin += kMark.size();
    const std::string_view rest = text_.substr(begin, comment.end - begin);
    const std::vector<Word> words = words_of(rest, at(begin, comment.end));
    if (words.empty() || !blank(rest[0])) return;  // `immure:system` is a name
    const bool speaks_of_codes = std::any_of(words.begin() + 1, words.end(), [](const Word& word) { return looks_like_code(word.text); });
    if (words[0].text == kVerb) allow(comment, rest, words);
    else if (speaks_of_codes) malformed(words[0].span, "`" + std::string(words[0].text) + "` is not what such a comment does");
  }

  void malformed(Span place, std::string message) { diags_.add(Code::AllowMalformed, place, std::move(message)).help("write `# immure: allow CODE -- why`"); }

  void allow(const TomlComment& comment, std::string_view rest, const std::vector<Word>& words) {
    if (words.size() == 1) return malformed(at(comment.begin, comment.end), "this comment names no code");
    if (!has_reason(rest)) malformed(at(comment.begin, comment.end), "this comment gives no reason");  // one fault is enough: the warning stays silent
    const Span scope = scope_of(comment);
    for (std::size_t i = 1; i < words.size(); ++i)
      if (const std::optional<Code> code = allowed(words[i])) found_.push_back({*code, words[i].span, scope, false});
  }

  std::optional<Code> allowed(const Word& word) {
    const std::optional<Code> code = code_of(word.text);
    if (code && may_be_silenced(*code)) return code;
    const std::string name = "`" + std::string(word.text) + "`";
    if (!code) {
      Diagnostic& diag = diags_.add(Code::AllowRefused, word.span, "there is no code " + name);
      std::vector<std::string_view> ids;
      for (const CodeInfo& row : catalogue())
        if (may_be_silenced(row.code)) ids.push_back(row.id);
      if (const auto near = nearest(word.text, ids)) diag.fix(word.span, std::string(*near), "did you mean `" + std::string(*near) + "`?");
    } else if (info(*code).severity == Severity::Error) {
      diags_.add(Code::AllowRefused, word.span, name + " is an error, and errors cannot be allowed");
    } else {
      diags_.add(Code::AllowRefused, word.span, name + " cannot be allowed by the profile").help("whoever runs the check says `--allow " + std::string(word.text) + "`");
    }
    return std::nullopt;
  }

  // ---- scope ----

  std::string_view line(std::uint32_t number) const {
    std::string_view text = file_.line_text(number);
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    return text;
  }

  Span scope_of(const TomlComment& comment) const {
    std::uint32_t number = file_.position(comment.begin).line;
    if (line(number).starts_with('#'))  // on a line of its own
      while (number < file_.line_count() && (line(number).empty() || line(number).starts_with('#'))) ++number;
    const std::uint32_t begin = file_.line_start(number);
    const std::uint32_t end = number < file_.line_count() ? file_.line_start(number + 1) : static_cast<std::uint32_t>(text_.size()) + 1;
    return at(begin, comment.begin < begin ? end_of_statement(begin, end) : end);
  }

  static bool is_header(const TomlKey& key) { return !key.in_line && key.statement_end == 0; }

  /// Of what begins in the line from `begin` to `end`: a header's is where the next one begins, a key's where its value ends.
  std::uint32_t end_of_statement(std::uint32_t begin, std::uint32_t end) const {
    const auto first = std::find_if(scan_.keys.begin(), scan_.keys.end(), [&](const TomlKey& key) { return key.begin >= begin && !key.in_line; });
    if (first == scan_.keys.end() || first->begin >= end) return end;
    if (!is_header(*first)) return std::max(end, first->statement_end);
    const auto next = std::find_if(first + 1, scan_.keys.end(), is_header);
    return next == scan_.keys.end() ? static_cast<std::uint32_t>(text_.size()) + 1 : file_.line_start(file_.position(next->begin).line);
  }
};

bool covers(const Allowance& allowance, const Diagnostic& diag) {
  return diag.code == allowance.code && diag.span.file == allowance.scope.file && diag.span.begin >= allowance.scope.begin && diag.span.begin < allowance.scope.end;
}

/// Whether this run could not have given the warning though another would: with the host's files, or without.
bool hangs_on_host(Code code, bool host) {
  if (code == Code::LoaderMissing) return host;
  if (code == Code::OwnFilesWritable) return true;  // on where the file lies, too
  return !host && (info(code).failing.empty() || code == Code::SizeAboveRam);
}

void report_unused(const std::vector<Allowance>& allowances, std::uint32_t main, bool host, Diagnostics& diags) {
  for (const Allowance& allowance : allowances) {
    // A fragment's is there for one of its profiles, and this may be another.
    if (allowance.used || allowance.span.file != main) continue;
    if (hangs_on_host(allowance.code, host)) continue;
    const std::string_view id = info(allowance.code).id;
    diags.add(Code::AllowUnused, allowance.span, "`" + std::string(id) + "` is allowed here and not given").help("take the comment out, or put it where the warning is");
  }
}

}  // namespace

bool may_be_silenced(Code code) { return info(code).severity != Severity::Error && code != Code::KeepSysAdmin; }

void apply_allowances(const Sources& sources, std::uint32_t main, bool host, bool whole, Diagnostics& diags) {
  std::vector<Allowance> allowances;
  for (std::uint32_t i = main; i < sources.size(); ++i) {
    std::vector<Allowance> more = FileReader(sources.file(i), i, diags).read();
    allowances.insert(allowances.end(), more.begin(), more.end());
  }
  if (allowances.empty()) return;
  diags.remove([&](const Diagnostic& diag) {
    bool allowed = false;
    for (Allowance& allowance : allowances)
      if (covers(allowance, diag)) allowed = allowance.used = true;
    return allowed;
  });
  if (whole && !diags.has_errors()) report_unused(allowances, main, host, diags);
}

}  // namespace immure
