// See lower.h. This file: everything but [[fs]] (lower_fs.cc) and what confines and supervises the program (lower_process.cc).
#include "compiler/lower.h"

#include <algorithm>
#include <set>

#include "compiler/lower_fs.h"
#include "compiler/lower_process.h"

namespace immure {
namespace {

using lowering::origin_of;

PlanText text_of(const Template& text, bool is_path, PlanOrigin origin) { return {text, is_path, origin}; }
Template literal(std::string text) { return Template{{Segment{false, std::move(text), {}}}}; }

PlanId id_of(const type::Id& id) {
  switch (id.kind) {
    case type::Id::Kind::Caller: return {wire::kIdCaller, 0};
    case type::Id::Kind::Overflow: return {wire::kIdOverflow, 0};
    case type::Id::Kind::Fixed: return {wire::kIdFixed, id.number};
  }
  return {};
}

/// Where the filter denies namespaces, a launch may go on when it cannot also set their limit to none.
bool filter_denies_namespaces(const Profile& profile) {
  if (!*profile.seccomp.enabled) return false;
  if (!profile.seccomp.presets) return !*profile.namespaces.nested;
  return std::any_of(profile.seccomp.presets->begin(), profile.seccomp.presets->end(),
                     [](const Placed<type::Preset>& preset) { return preset.value == type::Preset::DenyNs || preset.value == type::Preset::Strict; });
}

std::uint32_t image_flags(const Profile& profile) {
  std::uint32_t flags = 0;
  const auto add = [&](bool wanted, wire::ImageFlag flag) { flags |= wanted ? flag : 0u; };
  add(*profile.process.new_session, wire::kNewSession);
  add(*profile.process.die_with_supervisor, wire::kDieWithSupervisor);
  add(*profile.process.die_with_caller, wire::kDieWithCaller);
  add(*profile.process.stdin_ == type::Stdin::Null, wire::kStdinNull);
  add(*profile.program.pass_args, wire::kPassArgs);
  add(*profile.root.writable, wire::kRootWritable);
  add(*profile.seccomp.enabled, wire::kHasFilter);
  add(*profile.namespaces.network != type::Network::Host, wire::kNewNetwork);
  add(*profile.namespaces.network == type::Network::Loopback, wire::kLoopback);
  add(*profile.namespaces.nested, wire::kNested);
  add(filter_denies_namespaces(profile), wire::kFilterDeniesNs);
  return flags;
}

std::string root_options(const Profile& profile) {
  constexpr type::Size kDefault{16u << 20, false};
  const type::Size& size = profile.root.size.present ? *profile.root.size : kDefault;
  return "size=" + lowering::size_option(size) + ",mode=0755";
}

PlanExec program_of(const Profile& profile, const Sources& sources) {
  const ProgramTable& program = profile.program;
  PlanExec exec;
  exec.origin = origin_of(sources, program.path.span);
  exec.path = text_of(*program.path, true, exec.origin);
  exec.argv0 = program.argv0.present ? text_of(*program.argv0, false, origin_of(sources, program.argv0.span)) : exec.path;
  for (const Placed<Template>& arg : *program.args) exec.args.push_back(text_of(arg.value, false, origin_of(sources, arg.span)));
  return exec;
}

/// The launch variables of a text join `used`, in the order in which they are met.
void collect(const PlanText& text, std::vector<std::string>& used, std::set<std::string>& seen) {
  for (const Segment& segment : text.text.segments)
    if (segment.variable && seen.insert(segment.text).second) used.push_back(segment.text);
}

void collect(const PlanExec& exec, std::vector<std::string>& used, std::set<std::string>& seen) {
  collect(exec.path, used, seen);
  collect(exec.argv0, used, seen);
  for (const PlanText& arg : exec.args) collect(arg, used, seen);
}

struct Collector {
  std::vector<std::string>& used;
  std::set<std::string>& seen;
  void field(const PlanText& text) const { collect(text, used, seen); }
  void field(const std::vector<PlanText>& texts) const {
    for (const PlanText& text : texts) collect(text, used, seen);
  }
  void field(const std::string&) const {}
  void field(std::uint32_t) const {}
  void field(std::uint64_t) const {}

#define OP(Name, id, doc) void operator()(const plan::Name& op) const {
#define FIELD(Type, name, doc) field(op.name);
#define END_OP(Name) }
#include "schema/ops.def"
  void operator()(const std::monostate&) const {}
};

std::vector<std::string> used_variables(const Plan& plan) {
  std::vector<std::string> used;
  std::set<std::string> seen;
  for (const PlanOp& op : plan.ops) std::visit(Collector{used, seen}, op.op);
  collect(plan.cgroup_path, used, seen);
  for (const PlanDaemon& daemon : plan.daemons) {
    collect(daemon.exec, used, seen);
    collect(daemon.ready, used, seen);
  }
  for (const PlanPathRule& rule : plan.landlock_paths) collect(rule.path, used, seen);
  collect(plan.program, used, seen);
  collect(plan.cwd, used, seen);
  for (const auto& [name, value] : plan.env_set) collect(value, used, seen);
  return used;
}

/// Without its directory: equal profiles give equal launchers wherever they are built, and a launcher tells nothing of the machine that built it.
std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Plan lower(const Profile& profile, const View& view, const Sources& sources) {
  Plan plan;
  plan.name = profile.top.name.present ? *profile.top.name : profile.stem;
  for (std::uint32_t i = 0; i < sources.size(); ++i) plan.files.push_back(file_name(sources.file(i).name()));
  plan.flags = image_flags(profile);
  plan.uid = id_of(*profile.user.uid);
  plan.gid = id_of(*profile.user.gid);
  plan.hostname = profile.namespaces.hostname.present ? *profile.namespaces.hostname : plan.name;
  plan.parent_mode = profile.process.parent_mode->bits;
  plan.linger_ms = profile.process.linger->ms;
  plan.root_options = root_options(profile);
  plan.ops = lowering::lower_fs(profile, view, sources);
  plan.program = program_of(profile, sources);
  plan.cwd = profile.program.cwd.present ? text_of(*profile.program.cwd, true, origin_of(sources, profile.program.cwd.span)) : text_of(literal("/"), true, {});
  for (const Placed<std::string>& glob : *profile.env.inherit) plan.env_inherit.push_back(glob.value);
  for (const type::EnvVar& variable : *profile.env.set) plan.env_set.emplace_back(variable.name, text_of(variable.value, false, origin_of(sources, variable.value_span)));
  lowering::lower_process(profile, sources, plan);
  plan.variables = used_variables(plan);
  return plan;
}

}  // namespace immure
