// See lower_process.h. The kernel's numbers stand here in tables beside the language's words; where the build host's headers may be older than the kernel's
// interface (Landlock's later rights, Linux 5.19 to 6.12) they are written by value.
#include "compiler/lower_process.h"

#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/resource.h>

#include "compiler/lower_fs.h"

namespace immure::lowering {
namespace {

// linux/landlock.h: rights that came after ABI 1, and the scopes of ABI 6.
constexpr std::uint64_t kRefer = 1 << 13, kTruncate = 1 << 14, kIoctlDev = 1 << 15;
constexpr std::uint64_t kBindTcp = 1 << 0, kConnectTcp = 1 << 1;
constexpr std::uint32_t kScopeAbstractUnixSocket = 1 << 0, kScopeSignal = 1 << 1;

constexpr std::uint64_t kReadGroup = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWriteGroup = LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                      LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | kRefer;

std::uint64_t mask_of(type::PathRight right) {
  switch (right) {
    case type::PathRight::Execute: return LANDLOCK_ACCESS_FS_EXECUTE;
    case type::PathRight::WriteFile: return LANDLOCK_ACCESS_FS_WRITE_FILE;
    case type::PathRight::ReadFile: return LANDLOCK_ACCESS_FS_READ_FILE;
    case type::PathRight::ReadDir: return LANDLOCK_ACCESS_FS_READ_DIR;
    case type::PathRight::RemoveDir: return LANDLOCK_ACCESS_FS_REMOVE_DIR;
    case type::PathRight::RemoveFile: return LANDLOCK_ACCESS_FS_REMOVE_FILE;
    case type::PathRight::MakeChar: return LANDLOCK_ACCESS_FS_MAKE_CHAR;
    case type::PathRight::MakeDir: return LANDLOCK_ACCESS_FS_MAKE_DIR;
    case type::PathRight::MakeReg: return LANDLOCK_ACCESS_FS_MAKE_REG;
    case type::PathRight::MakeSock: return LANDLOCK_ACCESS_FS_MAKE_SOCK;
    case type::PathRight::MakeFifo: return LANDLOCK_ACCESS_FS_MAKE_FIFO;
    case type::PathRight::MakeBlock: return LANDLOCK_ACCESS_FS_MAKE_BLOCK;
    case type::PathRight::MakeSym: return LANDLOCK_ACCESS_FS_MAKE_SYM;
    case type::PathRight::Refer: return kRefer;
    case type::PathRight::Truncate: return kTruncate;
    case type::PathRight::IoctlDev: return kIoctlDev;
    case type::PathRight::Read: return kReadGroup;
    case type::PathRight::Write: return kWriteGroup;
  }
  return 0;
}

std::uint64_t mask_of(type::PortRight right) {
  switch (right) {
    case type::PortRight::BindTcp: return kBindTcp;
    case type::PortRight::ConnectTcp: return kConnectTcp;
  }
  return 0;
}

std::uint32_t mask_of(type::Scope scope) {
  switch (scope) {
    case type::Scope::Signal: return kScopeSignal;
    case type::Scope::AbstractUnixSocket: return kScopeAbstractUnixSocket;
  }
  return 0;
}

template <class Word>
std::uint64_t mask_of(const std::vector<Placed<Word>>& words) {
  std::uint64_t mask = 0;
  for (const Placed<Word>& word : words) mask |= mask_of(word.value);
  return mask;
}

/// The words of `Capability` stand in the order of the kernel's numbers, and none is left out.
std::uint64_t capability_mask(const Profile& profile) {
  static_assert(static_cast<int>(type::Capability::Chown) == CAP_CHOWN && static_cast<int>(type::Capability::SysAdmin) == CAP_SYS_ADMIN &&
                static_cast<int>(type::Capability::CheckpointRestore) == CAP_CHECKPOINT_RESTORE);
  std::uint64_t mask = 0;
  for (const Placed<type::Capability>& capability : *profile.capabilities.keep) mask |= std::uint64_t{1} << static_cast<int>(capability.value);
  return mask;
}

struct LimitRow {
  Field<type::Limit> LimitsTable::*field;
  std::uint32_t resource;
};
constexpr LimitRow kLimits[] = {
    {&LimitsTable::as, RLIMIT_AS},
    {&LimitsTable::core, RLIMIT_CORE},
    {&LimitsTable::cpu, RLIMIT_CPU},
    {&LimitsTable::data, RLIMIT_DATA},
    {&LimitsTable::fsize, RLIMIT_FSIZE},
    {&LimitsTable::memlock, RLIMIT_MEMLOCK},
    {&LimitsTable::msgqueue, RLIMIT_MSGQUEUE},
    {&LimitsTable::nofile, RLIMIT_NOFILE},
    {&LimitsTable::nproc, RLIMIT_NPROC},
    {&LimitsTable::rttime, RLIMIT_RTTIME},
    {&LimitsTable::sigpending, RLIMIT_SIGPENDING},
    {&LimitsTable::stack, RLIMIT_STACK},
};

wire::CancelKind cancel_kind(type::OnCancel word) {
  switch (word) {
    case type::OnCancel::Forward: return wire::kCancelForward;
    case type::OnCancel::Kill: return wire::kCancelKill;
    case type::OnCancel::Interrupt: return wire::kCancelInterrupt;
  }
  return wire::kCancelForward;
}

std::vector<std::uint32_t> numbers_of(const Field<type::Descriptors>& descriptors) {
  std::vector<std::uint32_t> out;
  for (const Placed<std::int32_t>& fd : *descriptors) out.push_back(static_cast<std::uint32_t>(fd.value));
  return out;
}

class Lowering {
 public:
  Lowering(const Profile& profile, const Sources& sources, Plan& plan) : profile_(profile), sources_(sources), plan_(plan) {}

  void run() {
    supervision();
    identity();
    cgroup();
    landlock();
    for (const DaemonRow& daemon : profile_.daemons) plan_.daemons.push_back(lower(daemon));
    plan_.keep_capabilities = capability_mask(profile_);
    for (const LimitRow& row : kLimits)
      if (const Field<type::Limit>& field = profile_.limits.*row.field; field.present) plan_.limits.push_back({row.resource, field->value, origin(field.span)});
  }

 private:
  PlanOrigin origin(const Span& span) const { return origin_of(sources_, span); }
  PlanText path(const Field<Template>& field) const { return {*field, true, origin(field.span)}; }

  void supervision() {
    const ProcessTable& process = profile_.process;
    if (process.timeout.present) plan_.timeout_ms = process.timeout->ms;
    plan_.cancel_kind = cancel_kind(*process.on_cancel);
    plan_.cancel_wait_ms = process.cancel_wait->ms;
    if (process.status_fd.present) plan_.status_fd = static_cast<std::uint32_t>(*process.status_fd);
    plan_.pass_fds = numbers_of(process.pass_fds);
    plan_.pass_dir_fds = numbers_of(process.pass_dir_fds);
  }

  void identity() {
    if (profile_.user.run_as.present) {
      plan_.flags |= wire::kRunAs;
      plan_.run_uid = profile_.user.run_as->uid;
      plan_.run_gid = profile_.user.run_as->gid;
    }
    for (const Placed<type::Restriction>& lost : *profile_.top.weaken) {
      switch (lost.value) {
        case type::Restriction::LandlockScopes: plan_.flags |= wire::kWeakenScopes; break;
        case type::Restriction::NestedLimit: plan_.flags |= wire::kWeakenNested; break;
      }
    }
  }

  void cgroup() {
    const CgroupTable& cgroup = profile_.cgroup;
    if (cgroup.path.present) {
      plan_.cgroup_path = path(cgroup.path);
      plan_.cgroup_origin = origin(cgroup.path.span);
    } else if (cgroup.fd.present) {
      plan_.cgroup_fd = static_cast<std::uint32_t>(*cgroup.fd);
      plan_.cgroup_origin = origin(cgroup.fd.span);
    }
  }

  void landlock() {
    const LandlockTable& table = profile_.landlock;
    plan_.landlock_scopes = kScopeAbstractUnixSocket | kScopeSignal;
    if (table.scope.present) plan_.landlock_scopes = static_cast<std::uint32_t>(mask_of(*table.scope));
    if (*table.on_missing == type::OnMissing::Weaken) plan_.flags |= wire::kWeakenRules;
    for (const LandlockPathRow& rule : profile_.landlock_paths) plan_.landlock_paths.push_back({path(rule.path), mask_of(*rule.access), origin(rule.path.span)});
    for (const LandlockPortRow& rule : profile_.landlock_ports) plan_.landlock_ports.push_back({*rule.port, mask_of(*rule.access), origin(rule.port.span)});
  }

  PlanDaemon lower(const DaemonRow& daemon) const {
    PlanDaemon out;
    out.exec.origin = origin(daemon.path.span);
    out.exec.path = path(daemon.path);
    out.exec.argv0 = out.exec.path;
    for (const Placed<Template>& arg : *daemon.args) out.exec.args.push_back({arg.value, false, origin(arg.span)});
    out.ready = path(daemon.ready);
    out.timeout_ms = daemon.timeout->ms;
    return out;
  }

  const Profile& profile_;
  const Sources& sources_;
  Plan& plan_;
};

}  // namespace

void lower_process(const Profile& profile, const Sources& sources, Plan& plan) { Lowering(profile, sources, plan).run(); }

}  // namespace immure::lowering
