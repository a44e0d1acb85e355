// What a kernel can do is its ABI number (landlock(7)); every right of that ABI is handled as soon as there is one path rule, so that a rule list is an allow-list.
#include "initrt/landlock.h"

#include "initrt/descriptors.h"
#include "initrt/paths.h"
#include "initrt/report.h"

namespace initrt {
namespace {

struct AbiRights {
  int abi;
  std::uint64_t rights;
};
/// The file rights of each ABI: 1 has the first thirteen.
constexpr AbiRights kFileRights[] = {{1, 0x1fff}, {2, 0x3fff}, {3, 0x7fff}, {5, 0xffff}};
constexpr int kPortAbi = 4;
/// What makes sense on a file that is no directory: execute, write-file, read-file, truncate, ioctl-dev.
constexpr std::uint64_t kRightsOfFiles = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15;

std::uint64_t file_rights(int abi) {
  std::uint64_t rights = 0;
  for (const AbiRights& entry : kFileRights)
    if (abi >= entry.abi) rights = entry.rights;
  return rights;
}

/// A domain denies this right even where it does not handle it, as soon as a domain within it handles any (landlock(7)): a rule of the inner one alone grants nothing.
constexpr std::uint64_t kRefer = 1 << 13;

bool says_lacking(int error) { return error == E2BIG || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP; }

/// The part of `access` that this kernel knows; without `on-missing = "weaken"` all of it.
std::uint64_t known(Context& ctx, std::uint64_t access, std::uint64_t handled) {
  if ((access & ~handled) == 0) return access;
  if (!ctx.flag(wire::kWeakenRules)) die(ctx, "this kernel's Landlock lacks a right that the rule names", nullptr, 0, "name rights that it has, or say `on-missing = \"weaken\"`");
  ctx.missing |= kMissingRules;
  return access & handled;
}

void add_path(Context& ctx, const wire::PathRule& rule, std::uint64_t handled) {
  const char* path = ctx.text(rule.path);
  ctx.subject = {"landlock", path, nullptr};
  const int fd = must(ctx, open_in_view(ctx, path), "open the path of the rule");
  Stat info;
  must(ctx, sys::fstatat(fd, "", &info, AT_EMPTY_PATH), "look at the path of the rule");
  const bool directory = (info.st_mode & kFileType) == kDirectory;
  if (!directory && (rule.access.get() & ~kRightsOfFiles) != 0)
    die(ctx, "a right of directories on a file", nullptr, ENOTDIR, "a file takes execute, read-file, write-file, truncate and ioctl-dev");
  const std::uint64_t access = known(ctx, rule.access.get(), handled);
  if (access != 0) must(ctx, sys::landlock_add_path(ctx.rules, fd, access), "add the rule");
  sys::close(fd);
}

void add_port(Context& ctx, const wire::PortRule& rule, std::uint64_t handled) {
  ctx.subject = {"landlock port rule", nullptr, nullptr};
  const std::uint64_t access = known(ctx, rule.access.get(), handled);
  if (access != 0) must(ctx, sys::landlock_add_port(ctx.rules, rule.port.get(), access), "add the rule");
}

/// So that the domain of the scopes leaves the right to the domain of the rules: it grants it everywhere.
void leave_refer_to_rules(const Context& ctx, int ruleset) {
  const int root = must(ctx, sys::openat(kHere, "/", O_PATH | O_CLOEXEC), "open the root of the view");
  must(ctx, sys::landlock_add_path(ruleset, root, kRefer), "leave `refer` to the rules");
  sys::close(root);
}

int abi_version(const Context& ctx) {
  const Result version = traced(ctx, sys::landlock_abi(), "ask for Landlock's version");
  return version.failed() ? 0 : version.value();
}

}  // namespace

void enter_scopes(Context& ctx) {
  const std::uint32_t scopes = ctx.image().landlock_scopes.get();
  if (scopes == 0) return;
  const bool rules_follow = ctx.image().landlock_paths.count.get() != 0;
  const LandlockRulesetAttr attr = {rules_follow ? kRefer : 0, 0, scopes};
  const Result ruleset = traced(ctx, sys::landlock_create(&attr, sizeof attr), "make a Landlock ruleset");
  // Without scopes (Landlock before ABI 6, or none) the pid namespace still keeps signals inside, and a network namespace of its own abstract sockets. Only where the
  // host's network is shared is the scope what shuts that door.
  if (ruleset.failed() && says_lacking(ruleset.error())) {
    ctx.missing |= kMissingScopes;
    constexpr std::uint32_t kAbstractSockets = 1;  // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
    const bool open_door = !ctx.flag(wire::kNewNetwork) && (scopes & kAbstractSockets) != 0;
    if (!open_door || ctx.flag(wire::kWeakenScopes)) return;
    die(ctx, "this kernel's Landlock cannot keep abstract sockets of the host out", nullptr, 0,
        "where the host's network is shared this needs Landlock ABI 6 (Linux 6.12); accept it with `weaken = [\"landlock-scopes\"]`");
  }
  must(ctx, ruleset, "make a Landlock ruleset");
  if (rules_follow) leave_refer_to_rules(ctx, ruleset.value());
  must(ctx, sys::landlock_restrict(ruleset.value()), "enter the Landlock domain");
  close_soon(ruleset.value());
}

void make_rules(Context& ctx) {
  const auto paths = ctx.plan.list<wire::PathRule>(ctx.image().landlock_paths);
  const auto ports = ctx.plan.list<wire::PortRule>(ctx.image().landlock_ports);
  if (paths.size() == 0 && ports.size() == 0) return;
  const int abi = abi_version(ctx);
  const LandlockRulesetAttr attr = {paths.size() != 0 ? file_rights(abi) : 0, ports.size() != 0 && abi >= kPortAbi ? kLandlockAllPorts : 0, 0};
  if (attr.handled_access_fs == 0 && attr.handled_access_net == 0) {
    if (!ctx.flag(wire::kWeakenRules)) die(ctx, "this kernel has no Landlock for the profile's rules", nullptr, 0, "enable it, or say `on-missing = \"weaken\"`");
    ctx.missing |= kMissingRules;
    return;
  }
  constexpr std::size_t kWithoutScopes = 16;  // a size that every ABI from 4 on knows; ABI 1 to 3 know the first eight bytes
  ctx.rules = must(ctx, sys::landlock_create(&attr, abi >= kPortAbi ? kWithoutScopes : 8), "make a Landlock ruleset");
  ctx.has_origin = true;
  for (const wire::PathRule& rule : paths) {
    ctx.origin = rule.origin;
    add_path(ctx, rule, attr.handled_access_fs);
  }
  for (const wire::PortRule& rule : ports) {
    ctx.origin = rule.origin;
    add_port(ctx, rule, attr.handled_access_net);
  }
  ctx.has_origin = false;
  ctx.subject = {};
}

}  // namespace initrt
