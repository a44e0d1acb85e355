// How the program is run: descriptors, times, ids, capabilities, limits, daemons and Landlock's rules. What asks the view stays silent where that hangs on the host.
#include <algorithm>
#include <iterator>
#include <map>

#include "compiler/check_rules.h"
#include "compiler/fs_names.h"
#include "compiler/sight.h"

namespace immure::rules {
namespace {

const FsEntry* maker(const Profile& profile, const View& view, std::uint32_t node) {
  const std::int32_t op = view.nodes[node].op;
  return op < 0 ? nullptr : &profile.fs[static_cast<std::size_t>(op)];
}

/// Each kind of op that may stand once.
template <class Op>
void check_once(const Profile& profile, Diagnostics& diags) {
  const FsEntry* first = nullptr;
  each<Op>(profile, [&](std::int32_t, const FsEntry& entry, const Op&) {
    if (first == nullptr) {
      first = &entry;
      return;
    }
    const std::string key = op_key(entry.op);
    diags.add(Code::OpRepeated, entry.target.span, "a second `" + key + "`").label(first->target.span, "the first `" + key + "` is here");
  });
}

// ---- [process], [user], [cgroup] -----------------------------------------------------------------------------------

class DescriptorUses {
 public:
  explicit DescriptorUses(Diagnostics& diags) : diags_(diags) {}
  void add(std::int32_t fd, Span span, const char* key) {
    const auto [first, fresh] = uses_.emplace(fd, Use{span, key});
    if (fresh) return;
    diags_
        .add(Code::DescriptorTwice, span,
             "descriptor " + std::to_string(fd) + " is in `" + key + "`" + (first->second.key == key ? " twice" : ", and in `" + std::string(first->second.key) + "`"))
        .label(first->second.span, "it is here first");
  }

 private:
  struct Use {
    Span span;
    std::string_view key;
  };
  std::map<std::int32_t, Use> uses_;
  Diagnostics& diags_;
};

void check_descriptors(const Profile& profile, Diagnostics& diags) {
  DescriptorUses uses(diags);
  for (const Placed<std::int32_t>& fd : *profile.process.pass_fds) uses.add(fd.value, fd.span, "pass-fds");
  for (const Placed<std::int32_t>& fd : *profile.process.pass_dir_fds) uses.add(fd.value, fd.span, "pass-dir-fds");
  if (profile.process.status_fd.present) uses.add(*profile.process.status_fd, profile.process.status_fd.span, "status-fd");
  if (profile.cgroup.fd.present) uses.add(*profile.cgroup.fd, profile.cgroup.fd.span, "cgroup.fd");
}

void check_times(const Profile& profile, Diagnostics& diags) {
  const auto& process = profile.process;
  if (process.timeout.present && process.timeout->ms == 0)
    diags.add(Code::ZeroTimeout, process.timeout.span, "the sandbox would be ended before it begins").help("leave `timeout` out for no limit");
  for (const DaemonRow& daemon : profile.daemons)
    if (daemon.timeout.present && daemon.timeout->ms == 0) diags.add(Code::ZeroTimeout, daemon.timeout.span, "the daemon has no time to become ready");
  if (written(process.cancel_wait) && *process.on_cancel != type::OnCancel::Interrupt)
    diags.add(Code::CancelWaitAlone, process.cancel_wait.key_span, "`cancel-wait` has no effect without `on-cancel = \"interrupt\"`");
}

void check_cgroup(const Profile& profile, Diagnostics& diags) {
  if (!profile.cgroup.path.present || !profile.cgroup.fd.present) return;
  diags.add(Code::CgroupTwice, profile.cgroup.fd.key_span, "the cgroup is named by its path too").label(profile.cgroup.path.span, "here");
}

void check_run_as(const Profile& profile, Diagnostics& diags) {
  const auto& run_as = profile.user.run_as;
  if (run_as.present && run_as->uid == 0) diags.add(Code::RunAsRoot, run_as.span, "the program stays root outside").help("name a user that owns nothing else");
}

// ---- [capabilities], [limits] ---------------------------------------------------------------------------------------

void check_capabilities(const Profile& profile, Diagnostics& diags) {
  for (const Placed<type::Capability>& capability : *profile.capabilities.keep) {
    if (capability.value == type::Capability::SysAdmin)
      diags.add(Code::KeepSysAdmin, capability.span, "with `sys-admin` the program can undo read-only mounts and what covers something");
    if (capability.value == type::Capability::SysResource && !*profile.namespaces.nested)
      diags.add(Code::KeepSysResource, capability.span, "with `sys-resource` the program can raise the limit of nested namespaces again")
          .help("remove it, or allow nested namespaces: `[namespaces] nested = true`");
  }
}

struct LeastRow {
  const char* name;
  Field<type::Limit> LimitsTable::*field;
  std::uint64_t least;
  const char* why;
};
constexpr LeastRow kLeast[] = {
    {"nofile", &LimitsTable::nofile, 4, "the program cannot open a file, not even a library"},
    {"as", &LimitsTable::as, 64 << 10, "no program fits into that"},
    {"stack", &LimitsTable::stack, 16 << 10, "no program starts with that"},
    {"cpu", &LimitsTable::cpu, 1, "the kernel takes 0 as one second"},
};

void check_limits(const Profile& profile, Diagnostics& diags) {
  for (const LeastRow& row : kLeast) {
    const Field<type::Limit>& field = profile.limits.*row.field;
    if (field.present && field->value < row.least) diags.add(Code::LimitTooLow, field.span, "`" + std::string(row.name) + "` is " + std::to_string(field->value) + ": " + row.why);
  }
}

// ---- [landlock] -----------------------------------------------------------------------------------------------------

/// What a file that is no directory can have a rule for.
bool is_for_files(type::PathRight right) {
  constexpr type::PathRight kForFiles[] = {type::PathRight::Execute, type::PathRight::WriteFile, type::PathRight::ReadFile, type::PathRight::Truncate, type::PathRight::IoctlDev};
  return std::find(std::begin(kForFiles), std::end(kForFiles), right) != std::end(kForFiles);
}

void check_path_rule(const Profile& profile, const View& view, const LandlockPathRow& rule, Diagnostics& diags) {
  if (!rule.path.present || !rule.path->literal()) return;
  const std::string path = rule.path->str();
  const Walk walk = view.walk(path, true);
  if (walk.absent()) {
    // A target with a variable may make any directory, as a parent.
    if ((walk.end == Walk::End::Missing || walk.end == Walk::End::Dangling) && view.has_floating()) return;
    diags.add(Code::LandlockPathMissing, rule.path.span, "there is no `" + path + "` in the view").help("a rule is about what an entry of `fs` has put there");
    return;
  }
  if (walk.end != Walk::End::Found || view.nodes[walk.node].maybe) return;
  const NodeKind kind = view.nodes[walk.node].kind;
  if (kind != NodeKind::File && kind != NodeKind::Device) return;
  for (const Placed<type::PathRight>& right : *rule.access) {
    if (is_for_files(right.value)) continue;
    Diagnostic& d = diags.add(Code::LandlockDirectoryRight, right.span, "`" + path + "` is not a directory");
    if (const FsEntry* entry = maker(profile, view, walk.node)) d.label(entry->target.span, "it is made here");
    d.help("a file takes `execute`, `read-file`, `write-file`, `truncate` and `ioctl-dev`");
  }
}

bool grants_execute(const LandlockPathRow& rule) {
  return std::any_of(rule.access->begin(), rule.access->end(), [](const auto& right) { return right.value == type::PathRight::Execute; });
}

/// Where a rule grants it somewhere, that may be where the program turns out to be: behind a link of the host.
void check_execute(const Profile& profile, Diagnostics& diags) {
  const auto& rules = profile.landlock_paths;
  if (rules.empty() || std::any_of(rules.begin(), rules.end(), grants_execute)) return;
  Diagnostic& d = diags.add(Code::LandlockNoExecute, rules.front().access.span, "no rule lets anything be executed");
  if (profile.program.path.present) d.label(profile.program.path.span, "so this is denied");
  d.help("add `execute` to the rule for the directory that the program is in");
}

template <class Rows>
void check_empty(const Rows& rules, Diagnostics& diags) {
  for (const auto& rule : rules)
    if (rule.access.present && rule.access->empty()) diags.add(Code::LandlockNoRight, rule.access.span, "the rule grants nothing").help("name a right, or leave the rule out");
}

void check_landlock(const Profile& profile, const View& view, Diagnostics& diags) {
  for (const LandlockPathRow& rule : profile.landlock_paths) check_path_rule(profile, view, rule, diags);
  check_empty(profile.landlock_paths, diags);
  check_empty(profile.landlock_ports, diags);
  check_execute(profile, diags);
  const auto& table = profile.landlock;
  if (written(table.on_missing) && profile.landlock_paths.empty() && profile.landlock_ports.empty())
    diags.add(Code::OnMissingAlone, table.on_missing.key_span, "`on-missing` has no effect: there are no rules");
  if (*profile.namespaces.network != type::Network::Host || !table.scope.present) return;
  for (const Placed<type::Scope>& scope : *table.scope)
    if (scope.value == type::Scope::AbstractUnixSocket) return;
  diags.add(Code::HostAbstractSockets, table.scope.span, "the program can connect to the abstract sockets of the host")
      .label(profile.namespaces.network.span, "the network, and with it those sockets, is the host's")
      .help("add `abstract-unix-socket`");
}

// ---- [[daemon]] -----------------------------------------------------------------------------------------------------

void check_ready(const Profile& profile, const View& view, const DaemonRow& daemon, Diagnostics& diags) {
  if (!daemon.ready.present || !daemon.ready->literal()) return;
  const std::string path = daemon.ready->str();
  const Walk walk = view.walk(path, true);
  if (walk.end == Walk::End::Found && !view.nodes[walk.node].maybe) {
    Diagnostic& d = diags.add(Code::DaemonReadyThere, daemon.ready.span, "`" + path + "` exists before the daemon is started");
    if (const FsEntry* entry = maker(profile, view, walk.node))
      d.label(entry->target.span, view.nodes[walk.node].implicit ? "it is made on the way to this target" : "it is made here");
    d.help("name the socket or file that the daemon makes");
    return;
  }
  const bool below_file = walk.end == Walk::End::NotDirectory;
  const bool sealed = walk.end == Walk::End::Missing && !view.has_floating() && final_flag(profile, view, view.nodes[walk.node].mount, kReadonly);
  if (!below_file && !sealed) return;
  const std::string above = view.path_of(walk.node);
  Diagnostic& d = diags.add(Code::DaemonNeverReady, daemon.ready.span, "`" + path + "` can never appear: `" + above + "` is " + (below_file ? "not a directory" : "read-only"));
  if (const FsEntry* entry = maker(profile, view, walk.node)) d.label(entry->target.span, "it comes from here");
  if (sealed) d.help("give the daemon a place to write, such as a `tmpfs`");
}

}  // namespace

void process(const Profile& profile, const View& view, Diagnostics& diags) {
  check_once<EtcOp>(profile, diags);
  check_once<RootOp>(profile, diags);
  check_descriptors(profile, diags);
  check_times(profile, diags);
  check_cgroup(profile, diags);
  check_run_as(profile, diags);
  check_capabilities(profile, diags);
  check_limits(profile, diags);
  check_landlock(profile, view, diags);
  for (const DaemonRow& daemon : profile.daemons) check_ready(profile, view, daemon, diags);
}

}  // namespace immure::rules
