// Plan -> text and JSON.
//
// One walk makes the JSON; the text is drawn from that, so the two cannot say different things. The ops are walked by the rows of ops.def. A launcher may come
// from anywhere, so nothing in it reaches the terminal raw.
#include "compiler/inspect.h"

#include <linux/mount.h>
#include <sys/resource.h>

#include <iterator>

#include "compiler/json.h"
#include "compiler/sha256.h"
#include "compiler/utf8.h"

namespace immure {
namespace {

struct BitName {
  std::uint64_t bit;
  const char* name;
};
// clang-format off
constexpr BitName kOpFlagNames[] = {
    {wire::kTrusted, "trusted"},   {wire::kMakeFile, "make-file"}, {wire::kMakeDir, "make-dir"},   {wire::kOptional, "optional"},
    {wire::kEnsure, "ensure"},     {wire::kCreate, "create"},      {wire::kRecursive, "recursive"}, {wire::kInPlace, "in-place"},
    {wire::kEphemeral, "ephemeral"}, {wire::kDereference, "dereference"}, {wire::kRootOnly, "root-only"}};
constexpr BitName kImageFlagNames[] = {
    {wire::kNewSession, "new-session"}, {wire::kDieWithSupervisor, "die-with-supervisor"}, {wire::kDieWithCaller, "die-with-caller"},
    {wire::kStdinNull, "stdin-null"},   {wire::kPassArgs, "pass-args"},                    {wire::kRootWritable, "root-writable"},
    {wire::kHasFilter, "has-filter"},   {wire::kLoopback, "loopback"},                     {wire::kNested, "nested"},
    {wire::kFilterDeniesNs, "filter-denies-namespaces"}, {wire::kRunAs, "run-as"},      {wire::kWeakenNested, "weaken-nested-limit"},
    {wire::kWeakenScopes, "weaken-landlock-scopes"},     {wire::kWeakenRules, "weaken-landlock-rules"}, {wire::kNewNetwork, "new-network"}};
constexpr BitName kMountAttrNames[] = {
    {MOUNT_ATTR_RDONLY, "readonly"}, {MOUNT_ATTR_NOSUID, "nosuid"}, {MOUNT_ATTR_NODEV, "nodev"}, {MOUNT_ATTR_NOEXEC, "noexec"}};
constexpr BitName kScopeNames[] = {{1 << 0, "abstract-unix-socket"}, {1 << 1, "signal"}};  // LANDLOCK_SCOPE_*, newer than Debian 12's headers

// LANDLOCK_ACCESS_FS_* and LANDLOCK_ACCESS_NET_*, likewise.
constexpr BitName kPathRightNames[] = {
    {1 << 0, "execute"},    {1 << 1, "write-file"}, {1 << 2, "read-file"},   {1 << 3, "read-dir"},    {1 << 4, "remove-dir"}, {1 << 5, "remove-file"},
    {1 << 6, "make-char"},  {1 << 7, "make-dir"},   {1 << 8, "make-reg"},    {1 << 9, "make-sock"},   {1 << 10, "make-fifo"}, {1 << 11, "make-block"},
    {1 << 12, "make-sym"},  {1 << 13, "refer"},     {1 << 14, "truncate"},   {1 << 15, "ioctl-dev"}};
constexpr BitName kPortRightNames[] = {{1 << 0, "bind-tcp"}, {1 << 1, "connect-tcp"}};
// clang-format on
// CAP_*, in the order of the words.
// clang-format off
constexpr const char* kCapabilityNames[] = {
    "chown", "dac-override", "dac-read-search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "linux-immutable", "net-bind-service",
    "net-broadcast", "net-admin", "net-raw", "ipc-lock", "ipc-owner", "sys-module", "sys-rawio", "sys-chroot", "sys-ptrace", "sys-pacct", "sys-admin",
    "sys-boot", "sys-nice", "sys-resource", "sys-time", "sys-tty-config", "mknod", "lease", "audit-write", "audit-control", "setfcap", "mac-override",
    "mac-admin", "syslog", "wake-alarm", "block-suspend", "audit-read", "perfmon", "bpf", "checkpoint-restore",
};
// clang-format on
struct NumberName {
  std::uint32_t number;
  const char* name;
};
constexpr NumberName kLimitNames[] = {{RLIMIT_AS, "as"},
                                      {RLIMIT_CORE, "core"},
                                      {RLIMIT_CPU, "cpu"},
                                      {RLIMIT_DATA, "data"},
                                      {RLIMIT_FSIZE, "fsize"},
                                      {RLIMIT_MEMLOCK, "memlock"},
                                      {RLIMIT_MSGQUEUE, "msgqueue"},
                                      {RLIMIT_NOFILE, "nofile"},
                                      {RLIMIT_NPROC, "nproc"},
                                      {RLIMIT_RTTIME, "rttime"},
                                      {RLIMIT_SIGPENDING, "sigpending"},
                                      {RLIMIT_STACK, "stack"}};

template <std::size_t n>
Json names_of(std::uint64_t bits, const BitName (&names)[n]) {
  Json out = Json::array();
  for (const BitName& row : names) {
    if ((bits & row.bit) != 0) out.push_back(row.name);
    bits &= ~row.bit;
  }
  if (bits != 0) out.push_back(bits);
  return out;
}

std::string octal(std::uint32_t mode) {
  char text[16];
  std::snprintf(text, sizeof text, "%04o", mode);
  return text;
}

std::string lower_case(std::string name) {
  name[0] = static_cast<char>(name[0] | 0x20);
  return name;
}

class Walk {
 public:
  Walk(const Inspected& what, bool with_filter, const CallName& call_name) : what_(what), plan_(what.plan), with_filter_(with_filter), call_name_(call_name) {}

  Json run() const {
    Json out;
    out["name"] = plan_.name;
    out["files"] = plan_.files;
    out["variables"] = plan_.variables;
    out["program"] = exec(plan_.program);
    out["cwd"] = text(plan_.cwd);
    out["environment"] = {{"inherit", plan_.env_inherit}, {"set", environment()}};
    out["user"] = {{"uid", id(plan_.uid)}, {"gid", id(plan_.gid)}};
    out["namespaces"] = {"user", "mount", "pid", "ipc", "uts", "cgroup"};
    if ((plan_.flags & wire::kNewNetwork) != 0) out["namespaces"].push_back("network");
    out["hostname"] = plan_.hostname;
    out["flags"] = names_of(plan_.flags, kImageFlagNames);
    out["parentMode"] = octal(plan_.parent_mode);
    out["lingerMs"] = plan_.linger_ms;
    if (plan_.timeout_ms != 0) out["timeoutMs"] = plan_.timeout_ms;
    out["onCancel"] = cancel();
    if (plan_.status_fd != wire::kNoDescriptor) out["statusFd"] = plan_.status_fd;
    out["passFds"] = plan_.pass_fds;
    out["passDirFds"] = plan_.pass_dir_fds;
    if ((plan_.flags & wire::kRunAs) != 0) out["user"]["runAs"] = std::to_string(plan_.run_uid) + ':' + std::to_string(plan_.run_gid);
    if (const Json group = cgroup(); !group.is_null()) out["cgroup"] = group;
    out["capabilities"] = capabilities();
    out["limits"] = limits();
    out["daemons"] = daemons();
    out["landlockScopes"] = names_of(plan_.landlock_scopes, kScopeNames);
    out["landlockRules"] = rules();
    out["root"] = plan_.root_options;
    out["ops"] = ops();
    out["filter"] = filter(plan_.filter);
    out["initFilter"] = filter(plan_.init_filter);
    out["image"] = bytes(what_.image);
    out["launcher"] = bytes(what_.launcher);
    return out;
  }

 private:
  static Json text(const PlanText& from) { return from.text.shown(); }
  static Json texts(const std::vector<PlanText>& from) {
    Json out = Json::array();
    for (const PlanText& item : from) out.push_back(text(item));
    return out;
  }
  static Json bytes(std::string_view from) { return {{"size", from.size()}, {"sha256", sha256(from)}}; }

  /// "profile.toml:12", or null.
  Json origin(const PlanOrigin& from) const {
    if (from.line == 0 || from.file >= plan_.files.size()) return nullptr;
    return plan_.files[from.file] + ':' + std::to_string(from.line);
  }
  Json exec(const PlanExec& from) const { return {{"path", text(from.path)}, {"argv0", text(from.argv0)}, {"args", texts(from.args)}, {"origin", origin(from.origin)}}; }
  Json environment() const {
    Json out = Json::object();
    for (const auto& [name, value] : plan_.env_set) out[name] = text(value);
    return out;
  }
  static Json id(const PlanId& from) {
    switch (from.kind) {
      case wire::kIdCaller: return "caller";
      case wire::kIdOverflow: return "overflow";
      case wire::kIdFixed: break;
    }
    return from.number;
  }
  Json cancel() const {
    switch (plan_.cancel_kind) {
      case wire::kCancelForward: break;
      case wire::kCancelKill: return {{"does", "kill"}};
      case wire::kCancelInterrupt: return {{"does", "interrupt"}, {"waitMs", plan_.cancel_wait_ms}};
    }
    return {{"does", "forward"}};
  }
  Json cgroup() const {
    if (plan_.cgroup_fd != wire::kNoDescriptor) return {{"fd", plan_.cgroup_fd}, {"origin", origin(plan_.cgroup_origin)}};
    if (plan_.cgroup_path.text.segments.empty()) return nullptr;
    return {{"path", text(plan_.cgroup_path)}, {"origin", origin(plan_.cgroup_origin)}};
  }
  Json capabilities() const {
    Json out = Json::array();
    for (std::size_t i = 0; i < 64; ++i) {
      if ((plan_.keep_capabilities >> i & 1) == 0) continue;
      out.push_back(i < std::size(kCapabilityNames) ? Json(kCapabilityNames[i]) : Json(i));
    }
    return out;
  }
  Json limits() const {
    Json out = Json::array();
    for (const PlanLimit& limit : plan_.limits) {
      Json name = limit.resource;
      for (const NumberName& row : kLimitNames)
        if (row.number == limit.resource) name = row.name;
      out.push_back({{"name", name}, {"value", limit.value == UINT64_MAX ? Json("unlimited") : Json(limit.value)}, {"origin", origin(limit.origin)}});
    }
    return out;
  }
  Json daemons() const {
    Json out = Json::array();
    for (const PlanDaemon& daemon : plan_.daemons) {
      Json one = exec(daemon.exec);
      one["ready"] = text(daemon.ready);
      one["timeoutMs"] = daemon.timeout_ms;
      out.push_back(std::move(one));
    }
    return out;
  }
  Json rules() const {
    Json out = Json::array();
    for (const PlanPathRule& rule : plan_.landlock_paths)
      out.push_back({{"path", text(rule.path)}, {"access", names_of(rule.access, kPathRightNames)}, {"origin", origin(rule.origin)}});
    for (const PlanPortRule& rule : plan_.landlock_ports) out.push_back({{"port", rule.port}, {"access", names_of(rule.access, kPortRightNames)}, {"origin", origin(rule.origin)}});
    return out;
  }
  Json filter(const BpfProgram& program) const {
    if (program.empty()) return nullptr;
    Json out = {{"instructions", program.size()}, {"sha256", sha256({reinterpret_cast<const char*>(program.data()), program.size() * sizeof(BpfInsn)})}};
    if (with_filter_) out["bpf"] = disassemble(program, call_name_);
    return out;
  }

  // One per field type of ops.def. Two numbers mean more than themselves, and say so by their field's name.
  static Json put_Text(std::string_view, const PlanText& value) { return text(value); }
  static Json put_Ref(std::string_view, const std::string& value) { return value; }
  static Json put_Data(std::string_view, const std::string& value) { return bytes(value); }
  static Json put_U32(std::string_view name, std::uint32_t value) { return name == "mode" ? Json(octal(value)) : Json(value); }
  static Json put_U64(std::string_view name, std::uint64_t value) { return name == "attr" ? names_of(value, kMountAttrNames) : Json(value); }
  static Json put_Texts(std::string_view, const std::vector<PlanText>& value) { return texts(value); }

#define OP(Name, id, doc)               \
  static Json op(const plan::Name& o) { \
    Json out = {{"op", lower_case(#Name)}};
#define FIELD(Type, name, doc) out[#name] = put_##Type(#name, o.name);
#define END_OP(Name) \
  return out;        \
  }
#include "schema/ops.def"
  static Json op(const std::monostate&) { return Json::object(); }

  Json ops() const {
    Json out = Json::array();
    for (const PlanOp& step : plan_.ops) {
      Json one = std::visit([](const auto& alternative) { return op(alternative); }, step.op);
      one["flags"] = names_of(step.flags, kOpFlagNames);
      one["origin"] = origin(step.origin);
      out.push_back(std::move(one));
    }
    return out;
  }

  const Inspected& what_;
  const Plan& plan_;
  bool with_filter_;
  const CallName& call_name_;
};

// ---- as text ---------------------------------------------------------------------------------------------------------

std::string plain(const Json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  if (value.is_array()) {
    std::string out;
    for (const Json& item : value) out += (out.empty() ? "" : " ") + plain(item);
    return out;
  }
  if (value.is_object() && value.contains("sha256")) return std::to_string(value["size"].get<std::uint64_t>()) + " bytes";
  return value.is_null() ? "" : value.dump();
}

/// A label and what belongs to it, where there is anything.
void row(std::string& out, std::string label, const std::string& content) {
  if (content.empty()) return;
  label.resize(13, ' ');
  out += label + content + '\n';
}

std::string in_brackets(const std::string& origin) { return origin.empty() ? "" : "  (" + origin + ')'; }

std::string step_line(const Json& step) {
  std::string name = step["op"].get<std::string>();
  name.resize(9, ' ');
  std::string out = name + plain(step["path"]);
  for (const auto& [key, value] : step.items()) {
    if (key == "op" || key == "path" || key == "origin") continue;
    const std::string shown = plain(value);
    if (!shown.empty() && shown != "0") out += "  " + (key == "flags" ? '[' + shown + ']' : key + ": " + shown);
  }
  return out + in_brackets(plain(step["origin"]));
}

std::string filter_line(const Json& filter) {
  if (filter.is_null()) return "none";
  return std::to_string(filter["instructions"].get<std::size_t>()) + " instructions, sha256 " + filter["sha256"].get<std::string>();
}

std::string daemon_line(const Json& daemon) {
  const std::string args = plain(daemon["args"]);
  return plain(daemon["path"]) + (args.empty() ? "" : ' ' + args) + "  ready: " + plain(daemon["ready"]) + "  within " + plain(daemon["timeoutMs"]) + " ms" +
         in_brackets(plain(daemon["origin"]));
}

std::string rule_line(const Json& rule) {
  return (rule.contains("path") ? plain(rule["path"]) : "port " + plain(rule["port"])) + "  " + plain(rule["access"]) + in_brackets(plain(rule["origin"]));
}

std::string cancel_line(const Json& cancel) { return plain(cancel["does"]) + (cancel.contains("waitMs") ? ", then wait " + plain(cancel["waitMs"]) + " ms" : ""); }

/// The keys that are only there where the profile has them.
void rows_if_written(std::string& out, const Json& all) {
  if (all.contains("timeoutMs")) row(out, "timeout", plain(all["timeoutMs"]) + " ms");
  row(out, "on cancel", cancel_line(all["onCancel"]));
  if (all.contains("statusFd")) row(out, "status fd", plain(all["statusFd"]));
  row(out, "pass fds", plain(all["passFds"]));
  row(out, "pass dir fds", plain(all["passDirFds"]));
  if (all.contains("cgroup"))
    row(out, "cgroup", (all["cgroup"].contains("fd") ? "descriptor " + plain(all["cgroup"]["fd"]) : plain(all["cgroup"]["path"])) + in_brackets(plain(all["cgroup"]["origin"])));
  row(out, "capabilities", plain(all["capabilities"]));
  for (const Json& limit : all["limits"]) row(out, "limit", plain(limit["name"]) + ' ' + plain(limit["value"]) + in_brackets(plain(limit["origin"])));
}

std::string bytes_line(const Json& bytes) { return plain(bytes) + ", sha256 " + bytes["sha256"].get<std::string>(); }

}  // namespace

std::string inspect_json(const Inspected& what, bool with_filter, const CallName& call_name) { return json_text(Walk(what, with_filter, call_name).run()); }

std::string inspect_text(const Inspected& what, bool with_filter, const CallName& call_name) {
  const Json all = Walk(what, with_filter, call_name).run();
  std::string out;
  row(out, "name", plain(all["name"]));
  row(out, "files", plain(all["files"]));
  row(out, "variables", plain(all["variables"]));
  row(out, "program", plain(all["program"]["path"]) + in_brackets(plain(all["program"]["origin"])));
  row(out, "argv", plain(all["program"]["argv0"]) + ' ' + plain(all["program"]["args"]));
  row(out, "cwd", plain(all["cwd"]));
  row(out, "inherit", plain(all["environment"]["inherit"]));
  for (const auto& [name, value] : all["environment"]["set"].items()) row(out, "set", printable(name) + '=' + plain(value));
  row(out, "user", "uid " + plain(all["user"]["uid"]) + ", gid " + plain(all["user"]["gid"]) + (all["user"].contains("runAs") ? ", run as " + plain(all["user"]["runAs"]) : ""));
  row(out, "namespaces", plain(all["namespaces"]));
  row(out, "hostname", plain(all["hostname"]));
  row(out, "flags", plain(all["flags"]));
  row(out, "linger", plain(all["lingerMs"]) + " ms");
  rows_if_written(out, all);
  row(out, "landlock", plain(all["landlockScopes"]));
  for (const Json& rule : all["landlockRules"]) row(out, "rule", rule_line(rule));
  row(out, "root", "tmpfs " + plain(all["root"]));
  for (std::size_t i = 0; i < all["ops"].size(); ++i) row(out, "op " + std::to_string(i + 1), step_line(all["ops"][i]));
  for (const Json& daemon : all["daemons"]) row(out, "daemon", daemon_line(daemon));
  row(out, "filter", filter_line(all["filter"]));
  row(out, "init filter", filter_line(all["initFilter"]));
  row(out, "image", bytes_line(all["image"]));
  row(out, "launcher", bytes_line(all["launcher"]));
  for (const auto& [label, key] : {std::pair{"filter", "filter"}, std::pair{"init filter", "initFilter"}})
    if (all[key].is_object() && all[key].contains("bpf")) out += std::string("\n") + label + '\n' + all[key]["bpf"].get<std::string>();
  return out;
}

}  // namespace immure
