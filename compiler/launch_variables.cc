// Every Template of the profile is met through visit_keys; overloads tell those from the rest.
#include "compiler/launch_variables.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/suggest.h"

namespace immure {
namespace {

class Collector {
 public:
  Collector(const Profile& profile, const Sources& sources, Diagnostics& diags) : variables_(profile.launch.variables), sources_(sources), diags_(diags) {
    for (const auto& name : variables_.value) declared_.insert(name.value);
  }

  void operator()(const KeyInfo&, const Field<Template>& field) { use(field.value, field.span); }
  void operator()(const KeyInfo&, const Field<std::vector<Placed<Template>>>& field) {
    for (const auto& item : field.value) use(item.value, item.span);
  }
  void operator()(const KeyInfo&, const Field<type::EnvMap>& field) {
    for (const auto& variable : field.value) use(variable.value, variable.value_span);
  }
  template <class T>
  void operator()(const KeyInfo&, const Field<T>&) {}  // holds no template

#define OP(Struct, key, doc) \
  void operator()(Struct##Op& op) { visit_keys(op, *this); }
#include "schema/language.def"
  void operator()(std::monostate&) {}

  void use(const Template& text, Span place) {
    for (const Segment& segment : text.segments) {
      if (!segment.variable) continue;
      used_.insert(segment.text);
      if (!declared_.contains(segment.text)) undeclared(segment.text, place);
    }
  }

  void report_unused(std::uint32_t file) {
    for (const auto& name : variables_.value)
      if (name.span.file == file && !used_.contains(name.value)) diags_.add(Code::UnusedVariable, name.span, "launch variable `" + name.value + "` is not used");
  }

 private:
  const Field<type::Variables>& variables_;
  const Sources& sources_;
  Diagnostics& diags_;
  std::set<std::string> declared_, used_;

  void undeclared(const std::string& name, Span place) {
    Diagnostic& diag = diags_.add(Code::UndeclaredVariable, within(place, "${" + name), "launch variable `" + name + "` is not declared");
    const std::vector<std::string_view> known(declared_.begin(), declared_.end());
    if (const auto near = nearest(name, known)) {
      diag.help("did you mean `" + std::string(*near) + "`? If not, add \"" + name + "\" to `launch.variables`");
    } else if (!variables_.value.empty() && variables_.value.front().span.file == place.file) {
      const Span first = variables_.value.front().span;
      diag.fix({first.file, first.begin, first.begin}, "\"" + name + "\", ", "add \"" + name + "\" to `launch.variables`");
    } else {
      diag.help("declare it: `variables = [\"" + name + "\"]` below `[launch]`");
    }
  }

  /// The variable itself, where it can be found in the text of the value.
  Span within(Span place, const std::string& opening) const {
    if (!place.known()) return place;
    const std::string_view text = std::string_view(sources_.file(place.file).text()).substr(place.begin, place.end - place.begin);
    for (std::size_t at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at + 1)) {
      const std::size_t end = text.find('}', at);
      const char next = at + opening.size() < text.size() ? text[at + opening.size()] : '\0';
      if (end == std::string_view::npos || (next != '}' && next != ':')) continue;
      return {place.file, place.begin + static_cast<std::uint32_t>(at), place.begin + static_cast<std::uint32_t>(end + 1)};
    }
    return place;
  }
};

}  // namespace

void check_launch_variables(Profile& profile, std::uint32_t main, const Sources& sources, bool ask_use, Diagnostics& diags) {
  const bool damaged = profile.launch.variables.key_span.known() && !profile.launch.variables.present;
  if (damaged) return;  // what is declared is not known
  Collector collect(profile, sources, diags);
#define TABLE(Struct, member, path, doc) visit_keys(profile.member, collect);
#include "schema/language.def"
#define ROWS(Struct, member, path, doc) \
  for (Struct##Row & row : profile.member) visit_keys(row, collect);
#include "schema/language.def"
  for (FsEntry& entry : profile.fs) {
    collect.use(entry.target.value, entry.target.span);
    std::visit(collect, entry.op);
  }
  if (ask_use) collect.report_unused(main);
}

}  // namespace immure
