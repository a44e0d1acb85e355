// `immure doctor`: what this host lets this caller do, and the cure of each thing that it does not. With FILE, what that means for one profile too.
//
// Facts come from trying (host_probe.h). Who refused is looked for only after a refusal, in the places that are known to.
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "compiler/commands.h"
#include "compiler/host_probe.h"
#include "compiler/json.h"

namespace immure {
namespace {

constexpr std::size_t kMostRead = std::size_t{1} << 20;

enum class State {
  Good,
  Limited,  // something of the language is not to be had here
  Missing,  // no launcher runs here
};

struct Fact {
  std::string name;
  State state = State::Good;
  std::string finding;
  std::string cure;
};

std::string content(const char* path) {
  std::string text = read_file(path, kMostRead).text;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string refused(int error) { return error == kNotTried ? "not tried, because of what is missing above" : std::strerror(error); }

Fact judged(const char* name, int error, const char* good, State otherwise, std::string cure) {
  if (error == 0) return {name, State::Good, good, ""};
  return {name, otherwise, refused(error), error == kNotTried ? "" : std::move(cure)};
}

// ---- the kernel ----

Fact kernel() {
  utsname name{};
  unsigned major = 0, minor = 0;
  if (uname(&name) != 0 || std::sscanf(name.release, "%u.%u", &major, &minor) != 2) return {"kernel", State::Limited, "of unknown version", ""};
  const std::string release = std::string("Linux ") + name.release;
  if (major > 5 || (major == 5 && minor >= 15)) return {"kernel", State::Good, release, ""};
  return {"kernel", State::Missing, release, "launchers want Linux 5.15 or later"};
}

/// The places that forbid user namespaces, each with its cure; asked only once they are forbidden.
std::string namespace_cure(int error) {
  if (error == ENOSPC && content("/proc/sys/user/max_user_namespaces") == "0") return "`sysctl -w user.max_user_namespaces=15000`: it is 0 here";
  if (content("/proc/sys/kernel/unprivileged_userns_clone") == "0") return "`sysctl -w kernel.unprivileged_userns_clone=1`: it is 0 here";
  if (content("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1") return "AppArmor restricts them: load a profile that allows the launcher `userns,`";
  if (error == ENOSPC) return "the limit is reached, here or in a namespace around this: raise `user.max_user_namespaces` there";
  if (error == EINVAL) return "a kernel with CONFIG_USER_NS";
  return "the container or the filter around this forbids them (so does a chroot): allow `unshare` and `clone` with namespaces there";
}

/// With AppArmor's restriction a user namespace can be had, but no right in it.
Fact namespaces(const HostProbe& probe) {
  const int error = probe.user_namespace != 0 ? probe.user_namespace : probe.other_namespaces != 0 ? probe.other_namespaces : probe.id_maps;
  const std::string limit = content("/proc/sys/user/max_user_namespaces");
  if (error == 0) return {"user namespaces", State::Good, "allowed" + (limit.empty() ? "" : ", up to " + limit), ""};
  const char* what = probe.user_namespace != 0 ? "refused: " : probe.other_namespaces != 0 ? "allowed, but not the namespaces in it: " : "allowed, but not a map of ids: ";
  return {"user namespaces", State::Missing, what + refused(error), namespace_cure(error)};
}

Fact apparmor() {
  const std::string value = content("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  if (value.empty()) return {"AppArmor", State::Good, "does not restrict user namespaces", ""};
  if (value == "0") return {"AppArmor", State::Good, "could restrict user namespaces and does not", ""};
  return {"AppArmor", State::Limited, "restricts user namespaces to programs whose profile allows them", "load a profile for each launcher that allows it `userns,`"};
}

Fact landlock(const HostProbe& probe) {
  if (probe.landlock_abi == 0)
    return {"Landlock", State::Limited, "not there", "boot with `lsm=landlock,…`; until then `weaken = [\"landlock-scopes\"]` where a profile can do without"};
  const std::string finding = "ABI " + std::to_string(probe.landlock_abi);
  if (probe.landlock_abi >= 6) return {"Landlock", State::Good, finding, ""};
  return {"Landlock", State::Limited, finding + ": no scopes" + (probe.landlock_abi < 4 ? ", no port rules" : ""),
          "Linux 6.12 has scopes; `landlock.on-missing = \"weaken\"` for rules, `weaken = [\"landlock-scopes\"]` for scopes"};
}

Fact layers(const HostProbe& probe) {
  if (probe.overlay_descriptors == 0) return {"overlay layers", State::Good, "by descriptor", ""};
  if (probe.overlay_descriptors == kNotTried) return {"overlay layers", State::Limited, refused(kNotTried), ""};
  return {"overlay layers", State::Good, "by name (Linux 6.13 takes descriptors): launchers go through a directory of descriptors", ""};
}

// ---- the caller ----

/// The cgroup v2 directory that this process is in; empty where there is none or it cannot be seen.
std::string own_cgroup() {
  std::string root;
  const std::string table = read_file("/proc/self/mountinfo", kMostRead).text;
  for (std::size_t begin = 0; begin < table.size();) {
    const std::size_t end = std::min(table.find('\n', begin), table.size());
    const std::string line = table.substr(begin, end - begin);
    begin = end + 1;
    char target[4096];
    if (line.find(" - cgroup2 ") != std::string::npos && std::sscanf(line.c_str(), "%*s %*s %*s %*s %4095s", target) == 1) root = target;
  }
  const std::string own = read_file("/proc/self/cgroup", kMostRead).text;
  const std::size_t entry = own.starts_with("0::") ? 0 : own.find("\n0::");
  if (root.empty() || entry == std::string::npos) return "";
  const std::size_t path = own.find("0::", entry) + 3;
  return root + own.substr(path, own.find('\n', path) - path);
}

Fact cgroup() {
  const std::string directory = own_cgroup();
  if (directory.empty()) return {"cgroup", State::Limited, "no cgroup v2 hierarchy in sight", "`[cgroup]` needs one: boot with `systemd.unified_cgroup_hierarchy=1`"};
  const bool delegated = access(directory.c_str(), W_OK) == 0 && access((directory + "/cgroup.procs").c_str(), W_OK) == 0;
  if (delegated) return {"cgroup", State::Good, directory + " may be written", ""};
  return {"cgroup", State::Limited, directory + " is not delegated to this user", "`[cgroup]` needs that: `systemd-run --user --scope -p Delegate=yes …`"};
}

Fact groups() {
  const int count = getgroups(0, nullptr);
  if (geteuid() == 0) return {"groups", State::Good, "supplementary groups are dropped", ""};
  if (count <= 0) return {"groups", State::Good, "no supplementary groups", ""};
  return {"groups", State::Limited, std::to_string(count) + " supplementary groups stay with the program: the kernel does not let this user drop them",
          "start launchers as a user without them where files of theirs are in the view"};
}

Fact root() {
  if (geteuid() != 0) return {"caller", State::Good, "user " + std::to_string(geteuid()), ""};
  return {"caller", State::Limited, "root: what root owns in the view stays its own, without a capability too",
          "`user.run-as = \"UID:GID\"`, or start launchers as an ordinary user"};
}

std::vector<Fact> examine() {
  const HostProbe probe = probe_host();
  return {
      kernel(),
      namespaces(probe),
      apparmor(),
      judged("mounts", probe.tmpfs, "allowed in a user namespace", State::Missing, "the container, or AppArmor, forbids mounting in it: allow `mount` there"),
      judged("new root", probe.pivot, "pivot_root works", State::Missing, "on an initramfs it cannot: switch to a real root first; in a container allow `pivot_root`"),
      judged("proc", probe.proc, "may be mounted afresh", State::Limited,
             "something covers a part of /proc here, as containers do: uncover it (`--security-opt systempaths=unconfined`), or `proc` "
             "with `optional = true`"),
      judged("nested limit", probe.nested_limit, "can be set", State::Limited,
             "/proc/sys is read-only here: launchers go on only with the preset `deny-ns`, or `weaken = [\"nested-limit\"]`"),
      judged("overlay", probe.overlay, "works in a user namespace", State::Limited, "the op `overlay` needs the module `overlay` and Linux 5.11"),
      layers(probe),
      judged("seccomp", probe.seccomp, "filters can be installed", State::Missing, "a kernel with CONFIG_SECCOMP_FILTER"),
      landlock(probe),
      cgroup(),
      groups(),
      root(),
  };
}

// ---- showing ----

const char* word(State state) {
  switch (state) {
    case State::Good: return "ok";
    case State::Limited: return "limited";
    case State::Missing: return "missing";
  }
  return "";
}

bool able(const std::vector<Fact>& facts) {
  return std::none_of(facts.begin(), facts.end(), [](const Fact& fact) { return fact.state == State::Missing; });
}

std::string as_text(const std::vector<Fact>& facts) {
  std::string out;
  for (const Fact& fact : facts) {
    const std::string state = word(fact.state);
    out += state + std::string(9 - state.size(), ' ') + fact.name + ": " + fact.finding + '\n';
    if (!fact.cure.empty()) out += "         " + fact.cure + '\n';
  }
  return out + (able(facts) ? "launchers run here\n" : "no launcher runs here\n");
}

std::string as_json(const std::vector<Fact>& facts) {
  Json out = {{"version", 1}, {"able", able(facts)}};
  out["facts"] = Json::array();
  for (const Fact& fact : facts) out["facts"].push_back({{"name", fact.name}, {"state", word(fact.state)}, {"finding", fact.finding}, {"cure", fact.cure}});
  return json_text(out);
}

}  // namespace

int examine_host(Session& session) {
  const std::vector<Fact> facts = examine();
  const int shown = print(session.options.json ? as_json(facts) : as_text(facts));
  const int profile = session.options.files.empty() ? kClean : check_files(session);
  return std::max({shown, profile, able(facts) ? kClean : kHasErrors});
}

}  // namespace immure
