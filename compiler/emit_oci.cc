// `immure emit oci`: a bundle for OCI runtimes (crun, runc, and the engines over them): config.json, and a root filesystem of what a profile makes itself.
//
// A bundle is for this host and for who makes it: launch variables are bound now, optional binds are there or not now, and the ids outside are the caller's. What
// the format cannot say is a warning, and an annotation `immure.not-said.N` of the bundle, so that it travels with it.
//
// A runtime sets its mounts up as user 0 of the new user namespace, so 0 must be somebody. Root can map two ids, and gives it 65534; others can map only their own,
// which then is 0 inside. Links, directories and files of the profile lie in the bundle's rootfs, below a tmpfs too: runtimes copy them up (`tmpcopyup`).
#include <algorithm>
#include <cstdlib>
#include <map>

#include "compiler/emit.h"
#include "compiler/fs_names.h"
#include "compiler/host.h"
#include "compiler/json.h"
#include "compiler/lower_fs.h"
#include "compiler/oci_filter.h"
#include "compiler/output_directory.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/words.h"

namespace immure {
namespace {

using lowering::octal;

constexpr std::size_t kMaxEntries = 10000;
constexpr const char* kReadonlyParts[] = {"bus", "irq", "sys", "sysrq-trigger"};
constexpr const char* kMaskedParts[] = {"acpi", "asound", "kcore", "keys", "key-users", "latency_stats", "timer_list", "timer_stats", "sched_debug", "scsi", "pressure"};

bool glob_matches(std::string_view glob, std::string_view name) {
  if (glob.empty()) return name.empty();
  if (glob[0] == '*') return glob_matches(glob.substr(1), name) || (!name.empty() && glob_matches(glob, name.substr(1)));
  return !name.empty() && (glob[0] == '?' || glob[0] == name[0]) && glob_matches(glob.substr(1), name.substr(1));
}

class Bundle {
 public:
  Bundle(const Profile& profile, const View& view, Session& session, const std::optional<SyscallPolicy>& policy)
      : profile_(profile), view_(view), session_(session), host_(host_files()), caller_(host_->caller()) {
    ids();
    process();
    config_["root"] = {{"path", "rootfs"}, {"readonly", !*profile_.root.writable}};
    where_ = profile_.root.size.key_span;
    if (where_.known()) unsaid("the size of the root: it is a directory of the bundle");
    if (*profile_.root.writable) unsaid("a root that is empty again at each start: what is written there stays in the bundle");
    config_["hostname"] = profile_.namespaces.hostname.present ? *profile_.namespaces.hostname : *profile_.top.name;
    filesystem();
    linux_part(policy);
    rest();
    config_["annotations"] = annotations_;
  }

  OutputDirectory files() {
    made_["config.json"] = {OutputEntry::Kind::File, 0644, json_text(config_)};
    return made_;
  }

 private:
  // ---- what cannot be said ----
  void unsaid(const std::string& what) {
    session_.diags.add(Code::NotCarriedOver, where_, "an OCI bundle cannot say: " + what);
    annotations_["immure.not-said." + std::to_string(annotations_.size() + 1)] = what;
  }
  template <class T>
  void at(const Field<T>& field) {
    where_ = field.key_span.known() ? field.key_span : field.span;
  }

  // ---- launch variables, bound now ----
  std::string bound(const Template& text, const Span& span) {
    std::string out;
    for (const Segment& segment : text.segments) {
      const char* value = segment.variable ? std::getenv(segment.text.c_str()) : nullptr;
      if (!segment.variable) out += segment.text;
      else if (value != nullptr && *value != '\0') out += value;
      else if (segment.fallback) out += *segment.fallback;
      else
        session_.diags.add(Code::VariableUnbound, span, "the launch variable `" + segment.text + "` is not set or empty")
            .help("an OCI bundle holds what a variable is now: set it, or give a default, `${" + segment.text + ":-default}`");
    }
    return out;
  }
  std::string bound_path(const Template& text, const Span& span) {
    std::string path = bound(text, span);
    if (text.literal()) return path;
    const std::string whole = '/' + path + '/';
    const bool normal = path.starts_with('/') && path.find('\0') == std::string::npos && whole.find("/../") == std::string::npos;
    if (!normal && !session_.diags.has_errors())
      session_.diags.add(Code::VariableUnbound, span, "`" + path + "` is no absolute path without `..`, once its launch variables are bound");
    return path;
  }

  // ---- who ----
  std::uint32_t inside(const Field<type::Id>& field, std::uint32_t outside) {
    at(field);
    std::uint32_t wanted = outside;
    switch (field->kind) {
      case type::Id::Kind::Caller: break;
      case type::Id::Kind::Overflow: wanted = 65534; break;
      case type::Id::Kind::Fixed: wanted = field->number; break;
    }
    if (wanted == 0 || caller_.uid == 0) return wanted;
    unsaid("the id " + std::to_string(wanted) + " inside: without newuidmap a runtime maps one id, and that is 0 inside");
    return 0;
  }
  static Json mapping(std::uint32_t inside, std::uint32_t outside) {
    Json out = Json::array({{{"containerID", inside}, {"hostID", outside}, {"size", 1}}});
    if (inside != 0) out.push_back({{"containerID", 0}, {"hostID", outside == 65534 ? 65533 : 65534}, {"size", 1}});
    return out;
  }
  void ids() {
    uid_ = inside(profile_.user.uid, caller_.uid);
    gid_ = inside(profile_.user.gid, caller_.gid);
    config_["ociVersion"] = "1.0.2";
  }

  void process() {
    Json args = Json::array();
    const ProgramTable& program = profile_.program;
    args.push_back(bound_path(*program.path, program.path.span));
    for (const Placed<Template>& arg : *program.args) args.push_back(bound(arg.value, arg.span));
    at(program.argv0);
    if (program.argv0.present) unsaid("an argv[0] other than the path");
    at(program.pass_args);
    if (where_.known() && *program.pass_args) unsaid("arguments at launch");
    Json capabilities = Json::array();
    for (const Placed<type::Capability>& kept : *profile_.capabilities.keep) capabilities.push_back(kernel_name(kept.value));
    Json sets;
    for (const char* set : {"bounding", "effective", "inheritable", "permitted", "ambient"}) sets[set] = capabilities;
    Json limits = Json::array();
    LimitsTable table = profile_.limits;
    visit_keys(table, [&](const KeyInfo& key, const Field<type::Limit>& field) {
      std::string name = "RLIMIT_";
      for (const char* c = key.name; *c != '\0'; ++c) name += static_cast<char>(*c & ~0x20);
      if (field.present) limits.push_back({{"type", name}, {"hard", field->value}, {"soft", field->value}});
    });
    const std::string cwd = bound_path(*program.cwd, program.cwd.span);
    config_["process"] = {{"terminal", false},
                          {"user", {{"uid", uid_}, {"gid", gid_}}},
                          {"args", args},
                          {"env", environment()},
                          {"cwd", cwd.empty() ? "/" : cwd},
                          {"capabilities", sets},
                          {"rlimits", limits},
                          {"noNewPrivileges", true}};
  }

  Json environment() {
    Json out = Json::array();
    const auto is_set = [this](std::string_view name) {
      return std::any_of(profile_.env.set->begin(), profile_.env.set->end(), [&](const type::EnvVar& variable) { return variable.name == name; });
    };
    for (char** each = environ; *each != nullptr; ++each) {
      const std::string_view whole = *each, name = whole.substr(0, whole.find('='));
      const bool wanted = std::any_of(profile_.env.inherit->begin(), profile_.env.inherit->end(), [&](const Placed<std::string>& glob) { return glob_matches(glob.value, name); });
      if (wanted && !is_set(name)) out.push_back(whole);
    }
    std::sort(out.begin(), out.end());
    for (const type::EnvVar& variable : *profile_.env.set) out.push_back(variable.name + '=' + bound(variable.value, variable.value_span));
    return out;
  }

  // ---- the filesystem ----
  void filesystem() {
    for (std::size_t i = 0; i < profile_.fs.size(); ++i) {
      entry_ = &profile_.fs[i];
      where_ = entry_->op_key.known() ? entry_->op_key : entry_->span;
      const Placement& place = view_.placements[i];
      target_ = place.path.empty() ? bound_path(*entry_->target, entry_->target.span) : place.path;
      for (const std::string& parent : place.parents) make(parent, {OutputEntry::Kind::Directory, place.parent_mode, {}});
      std::visit([this](const auto& op) { say(op); }, entry_->op);
    }
    for (Json& mount : mounts_) copy_up(mount);
    config_["mounts"] = mounts_;
  }
  /// Something that the profile itself makes: it lies in the rootfs, where no host directory is in the way.
  void make(const std::string& path, const OutputEntry& entry) {
    for (const Json& mount : mounts_)
      if (mount["type"] != "tmpfs" && path.starts_with(mount["destination"].get<std::string>() + '/')) return unsaid("`" + path + "`, which would have to be made on the host");
    made_.try_emplace("rootfs" + path, entry);
  }
  void mount(const std::string& at, const char* type, const std::string& source, Json options) {
    mounts_.push_back({{"destination", at}, {"type", type}, {"source", source}, {"options", std::move(options)}});
  }
  /// What something is mounted on lies there too: a runtime then need not write to the bundle, and a profile that `import oci` makes of it, which never does, finds it.
  void mount_point(const std::string& path, bool directory) {
    for (const Json& mount : mounts_)
      if (path.starts_with(mount["destination"].get<std::string>() + '/')) return;
    made_.try_emplace("rootfs" + path, OutputEntry{directory ? OutputEntry::Kind::Directory : OutputEntry::Kind::File, directory ? 0755U : 0644U, {}});
  }
  /// Whether the target lies in a directory of the host that the program writes to.
  bool is_written_around() const {
    for (auto each = mounts_.rbegin(); each != mounts_.rend(); ++each)
      if (target_.starts_with((*each)["destination"].get<std::string>() + '/'))
        return (*each)["type"] == "none" && std::find((*each)["options"].begin(), (*each)["options"].end(), "ro") == (*each)["options"].end();
    return false;
  }
  void copy_up(Json& mount) const {
    if (mount["type"] != "tmpfs" || mount["destination"] == "/dev") return;
    const std::string below = "rootfs" + mount["destination"].get<std::string>() + '/';
    const auto first = made_.lower_bound(below);
    if (first != made_.end() && first->first.starts_with(below)) mount["options"].push_back("tmpcopyup");
  }

  void bind(const std::string& source, const std::string& target, bool write, bool device) {
    Json options = {"rbind", "nosuid", "rnosuid"};
    if (!device) options.insert(options.end(), {"nodev", "rnodev"});
    if (!write) options.insert(options.end(), {"ro", "rro"});
    if (const std::string real = host_->real_path(source); !real.empty()) mount_point(target, host_->look(real).kind == HostStat::Kind::Directory);
    mount(target, "none", source, options);
  }
  void say(const BindOp& op) {
    const Field<type::HostPath>& from = op.from.present ? op.from : entry_->target;
    const std::string source = bound_path(*from, from.span);
    const bool missing = host_->real_path(source).empty();
    if (missing && *op.optional) {
      if (!*op.write && is_written_around()) unsaid("that `" + target_ + "` is read-only once it is there; it is not now, and left out");
      return;
    }
    if (missing && *op.ensure) unsaid("to make `" + source + "` when it is missing");
    bind(source, target_, *op.write, *op.device);
  }
  void say(const TmpfsOp& op) {
    Json options = {"nosuid", "nodev", "mode=" + octal(op.mode->bits)};
    if (uid_ != 0) options.push_back("uid=" + std::to_string(uid_));
    if (gid_ != 0) options.push_back("gid=" + std::to_string(gid_));
    if (op.size.present) options.push_back("size=" + lowering::size_option(*op.size));
    if (op.inodes.present) options.push_back("nr_inodes=" + std::to_string(*op.inodes));
    if (*op.readonly) options.push_back("ro");
    if (!*op.exec) options.push_back("noexec");
    made_.try_emplace("rootfs" + target_, OutputEntry{OutputEntry::Kind::Directory, op.mode->bits, {}});  // `tmpcopyup` takes its mode over
    mount(target_, "tmpfs", "tmpfs", options);
  }
  void say(const OverlayOp& op) {
    const bool writable = op.upper.present;
    std::string lower;
    for (const Placed<Template>& layer : *op.lower) lower += (lower.empty() ? "" : ":") + bound_path(layer.value, layer.span);
    Json options = {"nosuid", "nodev", "userxattr", "lowerdir=" + lower};
    if (writable) options.insert(options.end(), {"upperdir=" + bound_path(*op.upper, op.upper.span), "workdir=" + bound_path(*op.work, op.work.span)});
    else options.push_back("ro");
    if (*op.ephemeral) unsaid("an upper directory that is gone afterwards: the overlay is read-only");
    if (std::count(lower.begin(), lower.end(), ':') + 1 != static_cast<std::ptrdiff_t>(op.lower->size()) || lower.find_first_of(",\\") != std::string::npos)
      return unsaid("layers with `:`, `,` or a backslash in their names: the overlay is left out");
    if (*op.ephemeral && op.lower->size() == 1) return bind(lower, target_, false, false);
    mount_point(target_, true);
    mount(target_, "overlay", "overlay", options);
  }
  void say(const ProcOp& op) {
    mount_point(target_, true);
    mount(target_, "proc", "proc", {"nosuid", "nodev", "noexec"});
    if (*op.optional) unsaid("to go on where the kernel refuses a proc");
    if (*op.harden || caller_.uid == 0)
      for (const char* name : kReadonlyParts) readonly_.push_back(target_ + '/' + name);
    if (!*op.harden) return;
    for (const char* name : kMaskedParts) masked_.push_back(target_ + '/' + name);
  }
  void say(const DevOp& op) {
    if (target_ != "/dev") unsaid("a `dev` elsewhere than at /dev");
    made_.try_emplace("rootfs" + target_, OutputEntry{OutputEntry::Kind::Directory, 0755, {}});  // runc takes the mode of what it mounts on
    Json options = {"nosuid", "nodev", "mode=0755"};
    if (!*op.write) options.push_back("ro");
    mount(target_, "tmpfs", "tmpfs", options);
    mount(target_ + "/pts", "devpts", "devpts", {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"});
    mount(target_ + "/shm", "tmpfs", "shm", {"nosuid", "nodev", "mode=1777"});
    if (*op.mqueue) mount(target_ + "/mqueue", "mqueue", "mqueue", {"nosuid", "nodev", "noexec"});
    for (const Placed<Template>& node : *op.nodes) {
      const std::string path = bound_path(node.value, node.span);
      bind(path, path, true, true);
    }
  }
  void say(const DirOp& op) { make(target_, {OutputEntry::Kind::Directory, op.mode->bits, {}}); }
  void say(const FileOp& op) {
    const std::string name = "files/" + std::to_string(++files_);
    made_[name] = {OutputEntry::Kind::File, op.mode->bits, op.text.present ? *op.text : *op.base64};
    mount_point(target_, false);
    mount(target_, "none", name, {"bind", "ro", "nosuid", "nodev"});
  }
  void say(const SymlinkOp& op) {
    const std::string to = bound(*op.to, op.to.span);
    make(target_, {OutputEntry::Kind::Symlink, 0, *op.dereference ? host_->look(to).link : to});
  }
  void say(const RemountOp& op) {
    for (auto each = mounts_.rbegin(); each != mounts_.rend(); ++each) {
      if ((*each)["destination"] != target_) continue;
      const auto add = [&](bool wanted, const char* option) {
        if (wanted) (*each)["options"].push_back(option);
        if (wanted && *op.recursive) (*each)["options"].push_back(std::string("r") + option);
      };
      add(*op.readonly, "ro");
      add(*op.noexec, "noexec");
      add(*op.nosuid, "nosuid");
      add(*op.nodev, "nodev");
      return;
    }
    unsaid("flags for the mount at `" + target_ + "`, which the host has there");
  }
  void say(const RootOp& op) {
    const std::string from = bound_path(*op.from, op.from.span);
    for (const std::string& name : host_->list(from, kMaxEntries)) {
      if (root_leaves_out(name)) continue;
      const std::string path = (from == "/" ? "" : from) + '/' + name;
      const HostStat stat = host_->look(path);
      if (stat.kind == HostStat::Kind::Symlink) make('/' + name, {OutputEntry::Kind::Symlink, 0, stat.link});
      else bind(path, '/' + name, *op.write, *op.device);
    }
  }
  void say(const EtcOp& op) {
    const std::string from = bound_path(*op.from, op.from.span), prefix = etc_prefix(profile_, op);
    make(target_ + '/' + kEtcMtab, {OutputEntry::Kind::Symlink, 0, kEtcMtabTo});
    for (const std::string& name : host_->list(from, kMaxEntries)) {
      if (name == "passwd" || name == "group" || name == kEtcHost || name == kEtcMtab) continue;
      make(target_ + '/' + name, {OutputEntry::Kind::Symlink, 0, std::string(kEtcHost) + '/' + prefix + '/' + name});
    }
    bind(from, target_ + '/' + kEtcHost + '/' + prefix, false, false);
  }
  void say(const std::monostate&) {}

  // ---- the rest of the walls ----
  void linux_part(const std::optional<SyscallPolicy>& policy) {
    Json& part = config_["linux"];
    part["uidMappings"] = mapping(uid_, caller_.uid);
    part["gidMappings"] = mapping(gid_, caller_.gid);
    part["namespaces"] = Json::array();
    for (const char* type : {"user", "pid", "ipc", "uts", "mount", "cgroup"}) part["namespaces"].push_back({{"type", type}});
    at(profile_.namespaces.network);
    if (*profile_.namespaces.network != type::Network::Host) part["namespaces"].push_back({{"type", "network"}});
    if (*profile_.namespaces.network == type::Network::None) unsaid("no interface at all: runtimes bring the loopback interface up");
    part["maskedPaths"] = masked_;
    part["readonlyPaths"] = readonly_;
    if (!policy) return;
    at(profile_.seccomp.presets);
    std::vector<std::string> lost;
    part["seccomp"] = oci_filter(*policy, lost);
    for (const std::string& each : lost) unsaid(each);
  }
  void rest() {
    const ProcessTable& process = profile_.process;
    const auto when = [this](bool wanted, const Span& span, const std::string& what) {
      where_ = span;
      if (wanted) unsaid(what);
    };
    where_ = {};
    unsaid("Landlock: that no signal and no abstract socket leads out" +
           std::string(profile_.landlock_paths.empty() && profile_.landlock_ports.empty() ? "" : ", and the rules for paths and ports"));
    if (!*profile_.namespaces.nested) unsaid("the limit of nested user namespaces; what there is against them is the filter");
    when(!*process.new_session, process.new_session.key_span, "the caller's terminal session");
    when(process.timeout.present, process.timeout.key_span, "a time-out");
    when(process.linger.key_span.known(), process.linger.key_span, "how long processes that the program leaves behind may live");
    when(*process.stdin_ == type::Stdin::Null, process.stdin_.key_span, "an empty standard input");
    when(process.status_fd.present, process.status_fd.key_span, "a status descriptor");
    when(process.pass_fds.key_span.known(), process.pass_fds.key_span, "descriptors that are passed on (runc has --preserve-fds)");
    when(process.pass_dir_fds.key_span.known(), process.pass_dir_fds.key_span, "descriptors that are passed on (runc has --preserve-fds)");
    when(*process.on_cancel != type::OnCancel::Forward, process.on_cancel.key_span, "what SIGUSR2 does");
    when(profile_.cgroup.path.present, profile_.cgroup.path.key_span, "a cgroup by its path on the host");
    when(profile_.cgroup.fd.present, profile_.cgroup.fd.key_span, "a cgroup by a descriptor");
    when(profile_.user.run_as.present, profile_.user.run_as.key_span, "to become another user first");
    for (const DaemonRow& daemon : profile_.daemons) when(true, daemon.span, "a daemon that is started before the program");
  }

  const Profile& profile_;
  const View& view_;
  Session& session_;
  const std::unique_ptr<HostFiles> host_;
  const HostCaller caller_;
  std::uint32_t uid_ = 0, gid_ = 0;
  const FsEntry* entry_ = nullptr;
  std::string target_;
  Span where_;
  int files_ = 0;
  Json config_, mounts_ = Json::array(), masked_ = Json::array(), readonly_ = Json::array(), annotations_ = Json::object();
  OutputDirectory made_{{"rootfs", {OutputEntry::Kind::Directory, 0755, {}}}};
};

}  // namespace

int emit_oci(Session& session) {
  const Judged judged = judge(session, session.options.files[0]);
  if (!judged.view || session.diags.has_errors()) {
    report(session);
    return session.status();
  }
  OutputDirectory files = Bundle(*judged.profile, *judged.view, session, program_policy(*judged.profile)).files();
  report(session);
  if (session.diags.has_errors()) return session.status();
  if (session.options.output == "-") return deliver(session, files["config.json"].content, 0644, true);
  if (const std::string problem = write_directory(session.options.output, files); !problem.empty()) {
    complain(problem);
    return kUsageOrIo;
  }
  return kClean;
}

}  // namespace immure
