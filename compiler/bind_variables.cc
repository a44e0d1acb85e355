// See bind_variables.h. The rules are those of initrt/variables.cc.
#include "compiler/bind_variables.h"

#include <set>
#include <sstream>

#include "schema/wire.h"

namespace immure {
namespace {

class Binder {
 public:
  Binder(const HostFiles& files, Diagnostics& diags) : files_(files), diags_(diags) {}

  void operator()(const KeyInfo& key, Field<Template>& field) { bind(field.value, field.span, key.type != TypeWord::Text && key.type != TypeWord::LinkText); }
  void operator()(const KeyInfo& key, Field<std::vector<Placed<Template>>>& field) {
    for (Placed<Template>& item : field.value) bind(item.value, item.span, key.type == TypeWord::HostPaths);
  }
  void operator()(const KeyInfo&, Field<type::EnvMap>& field) {
    for (type::EnvVar& variable : field.value) bind(variable.value, variable.value_span, false);
  }
  template <class T>
  void operator()(const KeyInfo&, Field<T>&) {}  // holds no template

#define OP(Struct, key, doc) \
  void operator()(Struct##Op& op) { visit_keys(op, *this); }
#include "schema/language.def"
  void operator()(std::monostate&) {}

  void bind(Template& text, Span place, bool path) {
    if (text.literal()) return;
    std::string bound;
    for (const Segment& segment : text.segments) {
      if (!segment.variable) {
        bound += segment.text;
        continue;
      }
      const std::optional<std::string> value = files_.variable(segment.text);
      if (value && !value->empty()) bound += *value;
      else if (segment.fallback) bound += *segment.fallback;
      else return unset(segment.text, value ? "is empty" : "is not set", place);
    }
    if (path && !normalise(text, bound, place)) return;
    text = Template{{Segment{false, std::move(bound), {}}}};
  }

 private:
  const HostFiles& files_;
  Diagnostics& diags_;
  std::set<std::string> told_;

  void unset(const std::string& name, const char* how, Span place) {
    if (!told_.insert(name).second) return;
    diags_.add(Code::HostVariableUnset, place, "the launch variable `" + name + "` " + how + " in this environment")
        .help("set it for whoever checks or starts this, or give a default: `${" + name + ":-default}`");
  }

  bool normalise(const Template& text, std::string& path, Span place) {
    const auto refuse = [&](const char* why) {
      diags_.add(Code::HostVariablePath, place, "`" + text.shown() + "` is `" + path + "` in this environment, " + why)
          .help("give the variables values that make it a plain absolute path");
      return false;
    };
    if (!path.starts_with('/')) return refuse("which is not absolute");
    if (path.size() > wire::kMaxPath) return refuse("which is too long");
    std::string normal;
    std::istringstream names(path);
    for (std::string name; std::getline(names, name, '/');) {
      if (name == "..") return refuse("which has a `..`");
      if (!name.empty() && name != ".") normal += "/" + name;
    }
    if (normal.empty()) return refuse("which is the root itself");
    path = std::move(normal);
    return true;
  }
};

}  // namespace

Profile bind_variables(const Profile& profile, const HostFiles& files, Diagnostics& diags) {
  Profile bound = profile;
  Binder binder(files, diags);
#define TABLE(Struct, member, path, doc) visit_keys(bound.member, binder);
#include "schema/language.def"
#define ROWS(Struct, member, path, doc) \
  for (Struct##Row & row : bound.member) visit_keys(row, binder);
#include "schema/language.def"
  for (FsEntry& entry : bound.fs) {
    binder.bind(entry.target.value, entry.target.span, true);
    std::visit(binder, entry.op);
  }
  return bound;
}

}  // namespace immure
