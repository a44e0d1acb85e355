// See diff.h. This file: the order of the parts, and how changes are shown.
#include "compiler/diff.h"

#include <algorithm>

#include "compiler/json.h"
#include "compiler/utf8.h"

namespace immure {
namespace {

struct Shape {
  const char *sign, *word, *colour;
};
constexpr Shape kShapes[] = {{"+", "grants", "\x1b[1;31m"}, {"-", "takes", "\x1b[1;32m"}, {"~", "changes", "\x1b[1;33m"}};

const Shape& shape(Effect effect) { return kShapes[static_cast<std::size_t>(effect)]; }

std::string where(const Span& span, const Sources& sources) {
  if (!span.known()) return "";
  const std::string& name = sources.file(span.file).name();
  return name.substr(name.rfind('/') + 1) + ":" + std::to_string(sources.line(span));
}

}  // namespace

std::vector<Change> diff(const Compared& before, const Compared& after, const Sources& sources, const CallName& call_name) {
  std::vector<Change> out;
  diff_files(before, after, sources, out);
  diff_calls(before, after, call_name, out);
  diff_keys(before, after, sources, out);
  return out;
}

bool grants(const std::vector<Change>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const Change& change) { return change.effect == Effect::Grants; });
}

std::string diff_text(const std::vector<Change>& changes, const Sources& sources, bool colour) {
  std::string out;
  for (const Change& change : changes) {
    const Shape& as = shape(change.effect);
    out += std::string(colour ? as.colour : "") + as.sign + (colour ? "\x1b[0m " : " ") + change.about;
    if (!change.subject.empty()) out += " " + printable(change.subject);
    out += ": " + printable(change.what);
    if (const std::string at = where(change.place, sources); !at.empty()) out += " (" + printable(at) + ")";
    out += '\n';
  }
  return out;
}

std::string diff_json(const std::vector<Change>& changes, const Sources& sources) {
  Json list = Json::array();
  for (const Change& change : changes) {
    const std::string at = where(change.place, sources);
    list.push_back(
        {{"effect", shape(change.effect).word}, {"about", change.about}, {"subject", change.subject}, {"what", change.what}, {"origin", at.empty() ? Json(nullptr) : Json(at)}});
  }
  return json_text({{"grants", grants(changes)}, {"changes", list}});
}

}  // namespace immure
