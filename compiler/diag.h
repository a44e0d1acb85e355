// Diagnostics as values: what was found, where, and what helps.
//
// Passes produce them and never print; diag_text.cc renders. Codes are rows of schema/diagnostics.def and never change their meaning.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source.h"

namespace immure {

enum class Severity { Error, Warning, Note };

/// How many there are of each, by Severity.
using Counts = std::array<std::size_t, 3>;

/// What follows from ignoring it (DESIGN 4.1).
enum class Class {
  Shape,    // the file is not a profile of this language
  Launch,   // the launch would fail
  Meaning,  // it would launch and not do what is written
  Advice,   // allowed, rarely meant: the warnings
  Remark,   // nothing follows, and it is worth knowing: the notes
  Output,   // the input is sound, the output could not be written
};

enum class Code {
#define DIAGNOSTIC(name, code, cls, title, story, failing, mended) name,
#include "schema/diagnostics.def"
};

/// One row of the catalogue.
struct CodeInfo {
  Code code;
  std::string_view id;  // "E0201"
  Severity severity;
  Class cls;
  std::string_view title;
  std::string_view story;    // Markdown
  std::string_view failing;  // a whole profile that gives this code, or empty where a text cannot show it
  std::string_view mended;   // the same without the fault
};

/// "error", "warning", "note".
const char* name_of(Severity severity);

const CodeInfo& info(Code code);
/// The row of "W0337".
std::optional<Code> code_of(std::string_view id);
const std::vector<CodeInfo>& catalogue();

/// A second place that is involved, and its part in the matter.
struct Label {
  Span span;
  std::string text;
};

/// A change of the source that would mend it.
struct FixIt {
  Span span;
  std::string replacement;
  std::string title;
};

struct Diagnostic {
  Code code;
  Span span;
  std::string message;  // lower case, no period, code in backticks: what was found
  std::vector<Label> labels;
  std::vector<std::string> helps;
  std::vector<FixIt> fixes;

  Diagnostic& label(Span at, std::string text);
  Diagnostic& help(std::string text);
  Diagnostic& fix(Span at, std::string replacement, std::string title);
};

class Diagnostics {
 public:
  /// The returned reference holds until the next call.
  Diagnostic& add(Code code, Span span, std::string message);
  bool has_errors() const { return errors_ != 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  /// Takes out all of which `unwanted` is true.
  void remove(const std::function<bool(const Diagnostic&)>& unwanted);
  /// In source order: file, place, then the order in which they were found; repeated ones once.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;

  void count(Code code);
};

}  // namespace immure
