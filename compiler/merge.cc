// Written once for all keys through visit_keys; the three exceptions are named.
#include "compiler/merge.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace immure {
namespace {

/// A key that stands in a file counts as written even if its value was wrong.
template <class T>
bool written(const Field<T>& field) {
  return field.present || field.key_span.known();
}

void add_variables(const Field<type::Variables>& base, Field<type::Variables>& to) {
  std::set<std::string> names;
  for (const auto& name : to.value) names.insert(name.value);
  for (const auto& name : base.value)
    if (names.insert(name.value).second) to.value.push_back(name);
  to.present = to.present || base.present;
}

void add_environment(const Field<type::EnvMap>& base, Field<type::EnvMap>& to) {
  type::EnvMap result = base.value;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < result.size(); ++i) places[result[i].name] = i;
  for (type::EnvVar& variable : to.value) {
    const auto found = places.find(variable.name);
    if (found != places.end()) result[found->second] = std::move(variable);
    else result.push_back(std::move(variable));
  }
  to.value = std::move(result);
  to.present = to.present || base.present;
}

bool is_remount(const FsEntry& entry) { return std::holds_alternative<RemountOp>(entry.op); }

void add_ops(std::vector<FsEntry>& base, std::vector<FsEntry>& over) {
  std::set<std::string> replaced, remounted;  // a target as it is shown is unambiguous
  for (const FsEntry& entry : over)
    if (entry.target.present) (is_remount(entry) ? remounted : replaced).insert(entry.target->shown());
  const auto gone = [&](const FsEntry& entry) {
    const std::string target = entry.target->shown();
    return entry.target.present && (replaced.contains(target) || (is_remount(entry) && remounted.contains(target)));
  };
  base.erase(std::remove_if(base.begin(), base.end(), gone), base.end());
  base.insert(base.end(), std::make_move_iterator(over.begin()), std::make_move_iterator(over.end()));
}

}  // namespace

Profile merge(Profile base, Profile over) {
  add_variables(base.launch.variables, over.launch.variables);
  add_environment(base.env.set, over.env.set);
  const auto win = [](auto& to, const auto& from) {
    if (written(from)) to = from;
  };
#define TABLE(Struct, member, path, doc) visit_keys(base.member, over.member, win);
#include "schema/language.def"
  const auto follow = [](auto& to, auto& from) { to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end())); };
#define ROWS(Struct, member, path, doc) follow(base.member, over.member);
#include "schema/language.def"
  if (over.launch.variables.present) base.launch.variables = std::move(over.launch.variables);
  if (over.env.set.present) base.env.set = std::move(over.env.set);
  add_ops(base.fs, over.fs);
  base.stem = std::move(over.stem);
  base.ops_understood = base.ops_understood && over.ops_understood;
  return base;
}

}  // namespace immure
