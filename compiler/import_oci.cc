// `immure import oci`: a profile from the config.json of an OCI bundle.
//
// A bundle stands on a root filesystem of its own, which becomes the op `root` from `${BUNDLE}/rootfs`: whoever starts the launcher says where the bundle is. Members are walked
// by a table of those that are understood; every other one is told, so that a new version of the format loses nothing in silence.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <set>

#include "compiler/import.h"
#include "compiler/json.h"
#include "compiler/profile_text.h"
#include "compiler/syscalls.h"
#include "compiler/words.h"

namespace immure {
namespace {

bool has(const Json& in, const char* key) { return in.is_object() && in.contains(key) && !in[key].is_null(); }
const Json& member(const Json& in, const char* key) {
  static const Json kNone;
  return has(in, key) ? in[key] : kNone;
}
std::string text_of(const Json& in, const char* key) { return has(in, key) && in[key].is_string() ? in[key].get<std::string>() : ""; }
bool flag_of(const Json& in, const char* key) { return has(in, key) && in[key].is_boolean() && in[key].get<bool>(); }
std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> out;
  if (list.is_array())
    for (const Json& item : list)
      if (item.is_string()) out.push_back(item.get<std::string>());
  return out;
}

/// A literal of the bundle, in which a dollar is one.
Template literal(std::string text) { return Template{{Segment{false, std::move(text), {}}}}; }

class Import {
 public:
  Import(const Sources& sources, std::uint32_t file, Diagnostics& diags)
      : text_(sources.file(file).text()),
        file_(file),
        diags_(diags),
        out_("From an OCI bundle's " + sources.file(file).name().substr(sources.file(file).name().rfind('/') + 1) +
             ".\nWhat could not be carried over stands after \"not carried over:\".") {}

  std::optional<std::string> run() {
    const Json all = Json::parse(text_, nullptr, false);
    if (all.is_discarded() || !all.is_object() || text_of(all, "ociVersion").empty()) {
      diags_.add(Code::NotImportable, {file_, 0, 0}, "this is not the config.json of an OCI bundle").help("it is JSON, an object, and has an `ociVersion`");
      return std::nullopt;
    }
    for (const auto& [key, value] : all.items()) top(key, value);
    std::set<std::string> mounted;
    if (member(all, "mounts").is_array())
      for (const Json& mount : all["mounts"]) mounted.insert(text_of(mount, "destination"));
    root(member(all, "root"), mounted);
    mounts(member(all, "mounts"));
    namespaces(member(all, "linux"));
    return out_.text();
  }

 private:
  /// The first place in the file where this member's name stands: JSON values have no place of their own.
  Span place(const std::string& key) const {
    const std::size_t at = text_.find('"' + key + '"');
    if (at == std::string::npos) return {file_, 0, 0};
    return {file_, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + key.size() + 2)};
  }
  void cannot(const std::string& key, const std::string& what, const std::string& table) {
    diags_.add(Code::NotCarriedOver, place(key), "not carried over: " + what);
    if (table.empty()) out_.note_here(kNotCarried + what);
    else out_.note(table, kNotCarried + what);
  }
  std::string quoted(const std::string& text) { return out_.value(literal(text)); }

  void top(const std::string& key, const Json& value) {
    if (key == "ociVersion" || key == "root" || key == "mounts" || key == "annotations" || value.is_null()) return;
    if (key == "hostname" && value.is_string()) return out_.set("namespaces", "hostname", toml_string(value.get<std::string>()));
    if (key == "process") return process(value);
    if (key == "linux") return linux_part(value);
    cannot(key, '`' + key + '`', "process");
  }

  // ---- process ----
  void process(const Json& process) {
    const std::vector<std::string> args = texts_of(member(process, "args"));
    program(args);
    if (const std::string cwd = text_of(process, "cwd"); !cwd.empty() && cwd != "/") out_.set("program", "cwd", quoted(cwd));
    environment(texts_of(member(process, "env")));
    const Json& user = member(process, "user");
    for (const char* id : {"uid", "gid"})
      if (has(user, id) && user[id].is_number_unsigned()) out_.set("user", id, std::to_string(user[id].get<std::uint64_t>()));
    if (has(user, "additionalGids")) cannot("additionalGids", "supplementary groups", "user");
    if (flag_of(process, "terminal")) out_.set("process", "new-session", "false", "`terminal`: the caller's, with job control");
    if (!flag_of(process, "noNewPrivileges")) out_.note("process", "a launcher always sets no_new_privs, which this bundle does not");
    capabilities(member(process, "capabilities"));
    limits(member(process, "rlimits"));
    for (const char* key : {"apparmorProfile", "selinuxLabel", "oomScoreAdj", "scheduler", "ioPriority", "consoleSize"})
      if (has(process, key)) cannot(key, std::string("`process.") + key + '`', "process");
  }
  void program(const std::vector<std::string>& args) {
    if (args.empty()) return cannot("process", "a program: the bundle names none", "program");
    const bool absolute = args[0].starts_with('/');
    out_.set("program", "path", quoted(absolute ? args[0] : "/usr/bin/" + args[0]), absolute ? "" : "`" + args[0] + "`, which a runtime looks for along PATH");
    if (!absolute) out_.set("program", "argv0", quoted(args[0]));
    std::vector<std::string> rest;
    for (std::size_t i = 1; i < args.size(); ++i) rest.push_back(quoted(args[i]));
    if (!rest.empty()) out_.set("program", "args", toml_list(rest));
    out_.set("program", "pass-args", "false");
  }
  void environment(const std::vector<std::string>& variables) {
    std::string table;
    for (const std::string& each : variables) {
      const std::string name = each.substr(0, each.find('='));
      const bool plain = !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
                         std::all_of(name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
      if (!plain || name.size() == each.size()) {
        cannot("env", "the variable `" + each + '`', "env");
        continue;
      }
      table += (table.empty() ? " " : ", ") + name + " = " + quoted(each.substr(name.size() + 1));
    }
    if (!table.empty()) out_.set("env", "set", '{' + table + " }");
  }
  void capabilities(const Json& capabilities) {
    const std::vector<std::string> effective = texts_of(member(capabilities, "effective"));
    std::vector<std::string> kept;
    for (int i = 0; i <= static_cast<int>(type::Capability::CheckpointRestore); ++i) {
      const auto capability = static_cast<type::Capability>(i);
      if (std::find(effective.begin(), effective.end(), kernel_name(capability)) != effective.end()) kept.push_back(toml_string(word_of(capability)));
    }
    if (!kept.empty()) out_.set("capabilities", "keep", toml_list(kept));
  }
  void limits(const Json& limits) {
    if (!limits.is_array()) return;
    for (const Json& limit : limits) {
      std::string name = text_of(limit, "type");
      if (!name.starts_with("RLIMIT_") || !has(limit, "soft") || !limit["soft"].is_number_unsigned()) continue;
      name = name.substr(7);
      std::transform(name.begin(), name.end(), name.begin(), [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
      const bool known = std::find(std::begin(kLimits), std::end(kLimits), name) != std::end(kLimits);
      if (!known) {
        cannot("rlimits", "the limit `" + name + '`', "limits");
        continue;
      }
      const auto value = limit["soft"].get<std::uint64_t>();
      out_.set("limits", name, value == UINT64_MAX ? "\"unlimited\"" : std::to_string(value));
      if (member(limit, "hard") != limit["soft"]) out_.note("limits", name + ": a launcher sets the hard limit to the same");
    }
  }
  static constexpr const char* kLimits[] = {"as", "core", "cpu", "data", "fsize", "memlock", "msgqueue", "nofile", "nproc", "rttime", "sigpending", "stack"};

  // ---- the filesystem ----
  void root(const Json& root, const std::set<std::string>& mounted) {
    const std::string path = text_of(root, "path");
    const bool writable = !flag_of(root, "readonly");
    const Template base = path.starts_with('/') ? literal(path) : Template{{Segment{true, "BUNDLE", {}}, Segment{false, "/" + path, {}}}};
    if (path.empty() || path == "/") return cannot("root", "a root filesystem of the bundle: there is none, or it is the host's", "");
    const auto add = [&](const char* key, const std::string& target, bool optional) {
      Template from = base;
      if (target != "/") from.segments.back().text += target;
      std::vector<std::string> lines{std::string(key) + " = " + toml_string(target), "from = " + out_.value(from)};
      if (writable) lines.emplace_back("write = true");
      if (optional) lines.emplace_back("optional = true");
      out_.add("fs", lines, target == "/" ? "the bundle's rootfs: all but proc dev tmp mnt etc, which follow" : "");
    };
    add("root", "/", false);
    for (const char* name : {"/etc", "/tmp", "/mnt"})
      if (!mounted.contains(name)) add("bind", name, true);
    if (writable) out_.set("root", "writable", "true", "the bundle's root may be written");
  }

  struct Options {
    bool readonly = false, nodev = false, noexec = false, bind = false;
    std::string size, mode, inodes, lower, upper, work;
    std::vector<std::string> unknown;
  };
  static Options options_of(const Json& mount) {
    Options out;
    for (const std::string& option : texts_of(member(mount, "options"))) {
      const std::string name = option.substr(0, option.find('=')), value = name.size() == option.size() ? "" : option.substr(name.size() + 1);
      if (name == "ro" || name == "rro") out.readonly = true;
      else if (name == "nodev" || name == "rnodev") out.nodev = true;
      else if (name == "noexec" || name == "rnoexec") out.noexec = true;
      else if (name == "bind" || name == "rbind") out.bind = true;
      else if (name == "size") out.size = value;
      else if (name == "mode") out.mode = value;
      else if (name == "nr_inodes") out.inodes = value;
      else if (name == "lowerdir") out.lower = value;
      else if (name == "upperdir") out.upper = value;
      else if (name == "workdir") out.work = value;
      else if (std::find(std::begin(kQuiet), std::end(kQuiet), name) == std::end(kQuiet)) out.unknown.push_back(option);
    }
    return out;
  }
  /// What a launcher does anyway, or what makes no difference to what the program may do.
  static constexpr std::string_view kQuiet[] = {"rw",      "nosuid",   "rnosuid",     "strictatime", "relatime", "noatime", "nodiratime", "exec",  "dev",     "suid",
                                                "private", "rprivate", "newinstance", "ptmxmode",    "gid",      "uid",     "userxattr",  "index", "metacopy"};

  void mounts(const Json& mounts) {
    if (!mounts.is_array()) return;
    for (const Json& mount : mounts) {
      const std::string target = text_of(mount, "destination"), type = text_of(mount, "type");
      if (target.empty()) continue;
      const Options options = options_of(mount);
      if (options.bind || type == "bind") bind(mount, target, options);
      else if (type == "proc") add("proc", target, {});
      else if (target == "/dev" || target.starts_with("/dev/")) dev(target, type, options);
      else if (type == "tmpfs") tmpfs(target, options);
      else if (type == "overlay") overlay(target, options);
      else cannot(target, "the " + type + " at `" + target + '`', "");
      for (const std::string& option : options.unknown) cannot(target, "the option `" + option + "` of the mount at `" + target + '`', "");
    }
  }
  void add(const char* op, const std::string& target, std::vector<std::string> lines) {
    lines.insert(lines.begin(), std::string(op) + " = " + quoted(target));
    last_ = out_.add("fs", std::move(lines));
  }
  void bind(const Json& mount, const std::string& target, const Options& options) {
    const std::string source = text_of(mount, "source");
    const Template from = source.starts_with('/') ? literal(source) : Template{{Segment{true, "BUNDLE", {}}, Segment{false, "/" + source, {}}}};
    std::vector<std::string> lines;
    if (source != target) lines.push_back("from = " + out_.value(from));
    if (!options.readonly) lines.emplace_back("write = true");
    if (!options.nodev) lines.emplace_back("device = true");
    add("bind", target, lines);
    if (options.noexec) add("remount", target, {"noexec = true"});
  }
  /// The parts of a /dev are one op.
  void dev(const std::string& target, const std::string& type, const Options& options) {
    if (!dev_) {
      add("dev", "/dev", {});
      dev_ = last_ + 1;
    }
    std::vector<std::string>& lines = out_.entry(dev_ - 1);
    if (target == "/dev" && !options.readonly) lines.emplace_back("write = true");
    else if (type == "mqueue" && target == "/dev/mqueue") lines.emplace_back("mqueue = true");
    else if (target == "/dev/shm" && options.readonly) add("remount", target, {"readonly = true"});
    else if (target != "/dev" && target != "/dev/pts" && target != "/dev/shm") cannot(target, "the " + type + " at `" + target + '`', "");
  }
  void tmpfs(const std::string& target, const Options& options) {
    std::vector<std::string> lines;
    if (!options.size.empty()) lines.push_back("size = " + size_of(options.size));
    if (!options.inodes.empty()) lines.push_back("inodes = " + options.inodes);
    lines.push_back("mode = " + toml_string(options.mode.empty() ? "1777" : options.mode));
    if (options.noexec) lines.emplace_back("exec = false");
    if (options.readonly) lines.emplace_back("readonly = true");
    add("tmpfs", target, lines);
  }
  /// The kernel's suffixes are binary.
  static std::string size_of(const std::string& size) {
    const char unit = static_cast<char>(std::toupper(static_cast<unsigned char>(size.back())));
    const std::string number = size.substr(0, size.size() - 1);
    if (unit == 'K' || unit == 'M' || unit == 'G') return toml_string(number + unit + "iB");
    return unit == '%' ? toml_string(size) : size;
  }
  void overlay(const std::string& target, const Options& options) {
    std::vector<std::string> lower;
    for (std::size_t begin = 0; begin <= options.lower.size();) {
      const std::size_t end = std::min(options.lower.find(':', begin), options.lower.size());
      lower.push_back(quoted(options.lower.substr(begin, end - begin)));
      begin = end + 1;
    }
    std::vector<std::string> lines{"lower = " + toml_list(lower)};
    if (!options.upper.empty()) lines.push_back("upper = " + quoted(options.upper));
    if (!options.work.empty()) lines.push_back("work = " + quoted(options.work));
    add("overlay", target, lines);
  }

  // ---- linux ----
  void linux_part(const Json& part) {
    if (!part.is_object()) return;
    for (const auto& [key, value] : part.items()) {
      if (value.is_null() || (value.is_array() && value.empty()) || (value.is_object() && value.empty())) continue;
      if (key == "namespaces") continue;
      if (key == "uidMappings" || key == "gidMappings") mapping(key, value);
      else if (key == "seccomp") filter(value);
      else if (key == "maskedPaths" || key == "readonlyPaths") closed(key, texts_of(value));
      else if (key == "resources") resources(value);
      else if (key == "cgroupsPath") cannot(key, "`cgroupsPath`: a launcher is started in a cgroup that is there, `cgroup.path`", "cgroup");
      else if (key != "rootfsPropagation") cannot(key, "`linux." + key + '`', "process");
    }
  }
  void mapping(const std::string& key, const Json& maps) {
    std::uint64_t ids = 0;
    for (const Json& map : maps)
      if (has(map, "size") && map["size"].is_number_unsigned()) ids += map["size"].get<std::uint64_t>();
    if (ids > 1) cannot(key, "`" + key + "` of " + std::to_string(ids) + " ids: a launcher maps one, without the help of newuidmap", "user");
  }
  void closed(const std::string& key, const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
      if (!path.starts_with("/proc/") && !path.starts_with("/sys/")) cannot(key, "`" + path + "` of `" + key + '`', "");
  }
  void resources(const Json& resources) {
    for (const auto& [key, value] : resources.items())
      if (key != "devices" && !value.is_null() && !(value.is_object() && value.empty()))
        cannot("resources", "`resources." + key + "`: that is for a cgroup, which `cgroup.path` names", "cgroup");
  }
  void namespaces(const Json& part) {
    bool network = false;
    for (const Json& each : member(part, "namespaces")) {
      const std::string type = text_of(each, "type");
      network = network || type == "network";
      if (has(each, "path")) cannot("namespaces", "the " + type + " namespace `" + text_of(each, "path") + "`: a sandbox makes its own", "namespaces");
    }
    out_.set("namespaces", "network", network ? "\"loopback\"" : "\"host\"", network ? "runtimes bring lo up" : "the bundle has no network namespace");
  }

  // ---- the filter ----
  std::string action(const Json& entry, const char* key, const char* error_key) {
    static constexpr std::pair<std::string_view, std::string_view> kActions[] = {{"SCMP_ACT_ALLOW", "allow"},
                                                                                 {"SCMP_ACT_LOG", "log"},
                                                                                 {"SCMP_ACT_TRAP", "trap"},
                                                                                 {"SCMP_ACT_KILL", "kill-thread"},
                                                                                 {"SCMP_ACT_KILL_THREAD", "kill-thread"},
                                                                                 {"SCMP_ACT_KILL_PROCESS", "kill-process"}};
    const std::string name = text_of(entry, key);
    for (const auto& [theirs, ours] : kActions)
      if (name == theirs) return std::string(ours);
    if (name != "SCMP_ACT_ERRNO") return "";
    const Json& number = member(entry, error_key);
    const char* error = number.is_number_unsigned() ? strerrorname_np(static_cast<int>(std::min<std::uint64_t>(number.get<std::uint64_t>(), 4095))) : "EPERM";
    return error != nullptr ? error : "EPERM";
  }
  void filter(const Json& filter) {
    const std::string otherwise = action(filter, "defaultAction", "defaultErrnoRet");
    if (otherwise.empty()) return cannot("seccomp", "the filter: its `defaultAction` is none that a profile has", "seccomp");
    out_.set("seccomp", "presets", "[]", "the bundle's own rules, at the end of this file");
    out_.set("seccomp", "default", toml_string(otherwise));
    for (const Json& arch : member(filter, "architectures"))
      if (arch == "SCMP_ARCH_X86") out_.set("seccomp", "multiarch", "true");
    const std::vector<std::string> all = syscall_names();
    for (const Json& rule : member(filter, "syscalls")) {
      const std::string answer = action(rule, "action", "errnoRet");
      if (answer == otherwise) continue;
      std::vector<std::string> names;
      for (const std::string& name : texts_of(member(rule, "names")))
        if (std::find(all.begin(), all.end(), name) != all.end()) names.push_back(toml_string(name));
      const std::optional<std::string> args = tests(member(rule, "args"));
      if (answer.empty() || !args) cannot("syscalls", "the rule " + json_line(rule), "seccomp");
      else if (!names.empty())
        out_.add("seccomp.rule", args->empty() ? std::vector<std::string>{"syscalls = " + toml_list(names), "action = " + toml_string(answer)}
                                               : std::vector<std::string>{"syscalls = " + toml_list(names), "action = " + toml_string(answer), *args});
    }
  }
  /// Runtimes compare all 64 bits, which the `64` forms do.
  static std::optional<std::string> tests(const Json& args) {
    if (!args.is_array() || args.empty()) return "";
    std::vector<std::string> out;
    for (const Json& arg : args) {
      std::string op = text_of(arg, "op");
      if (!op.starts_with("SCMP_CMP_") || !has(arg, "index") || !member(arg, "value").is_number_integer()) return std::nullopt;
      op = op.substr(9);
      std::transform(op.begin(), op.end(), op.begin(), [](char c) { return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
      const bool masked = op == "masked-eq";
      std::string test = "{ index = " + arg["index"].dump() + ", op = \"" + op + "64\", value = " + (masked ? number(member(arg, "valueTwo")) : number(arg["value"]));
      if (masked) test += ", mask = " + number(arg["value"]);
      out.push_back(test + " }");
    }
    return "args = " + toml_list(out);
  }
  /// TOML's integers have a sign: the same bits.
  static std::string number(const Json& value) {
    const std::uint64_t bits = value.is_number_integer() ? value.get<std::uint64_t>() : 0;
    return std::to_string(static_cast<std::int64_t>(bits));
  }

  const std::string& text_;
  std::uint32_t file_;
  Diagnostics& diags_;
  ProfileText out_;
  std::size_t last_ = 0, dev_ = 0;  // `dev_`: the entry's number and one; 0: none yet
};

}  // namespace

std::optional<std::string> import_oci(const Sources& sources, std::uint32_t file, Diagnostics& diags) { return Import(sources, file, diags).run(); }

}  // namespace immure
