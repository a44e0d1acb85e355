// `immure emit bwrap`: the nearest command line of bubblewrap, as a bash script, for who has bubblewrap and no launcher, or wants to see what a profile means there.
//
// The options stand in an array, one to a line, each with the profile's line behind it. What bubblewrap cannot say is a comment that opens with "not said:", at the
// place where it would stand, so that nothing gets lost unseen. Options are those of bubblewrap 0.8 (Debian 12); an overlay needs 0.11, and an older one refuses the
// option rather than start without the files. `immure import bwrap` reads this back.
#include <algorithm>
#include <cctype>

#include "compiler/base64.h"
#include "compiler/emit.h"
#include "compiler/fs_names.h"
#include "compiler/lower_fs.h"
#include "compiler/pipeline.h"
#include "compiler/presets.h"
#include "compiler/words.h"

namespace immure {
namespace {

using lowering::octal;

// What of a proc is masked when it is hardened, as in lower_fs.cc. A kernel need not have each of them, and bubblewrap cannot skip one.
constexpr const char* kMaskProc = R"sh(
# Of a hardened proc these are masked. A kernel need not have each of them.
for name in kcore keys key-users latency_stats timer_list timer_stats sched_debug; do
  if [[ -e /proc/$name ]]; then options+=(--ro-bind /dev/null "@PROC@/$name"); fi
done
for name in acpi asound scsi pressure; do
  if [[ -d /proc/$name ]]; then options+=(--tmpfs "@PROC@/$name" --remount-ro "@PROC@/$name"); fi
done
)sh";

constexpr const char* kRootEntries = R"sh(
# Each entry of the host's directory but proc dev tmp mnt etc.
for entry in @FROM@/* @FROM@/.[!.]*; do
  name=${entry##*/}
  case $name in proc | dev | tmp | mnt | etc) continue ;; esac
  if [[ -L $entry ]]; then options+=(--symlink "$(readlink "$entry")" "/$name")
  elif [[ -e $entry ]]; then options+=(@BIND@ "$entry" "/$name"); fi
done
)sh";

constexpr const char* kEtcEntries = R"sh(
# A link to each entry of the host's directory.
for entry in @FROM@/* @FROM@/.[!.]*; do
  name=${entry##*/}
  case $name in passwd | group | .host | mtab) continue ;; esac
  if [[ -e $entry || -L $entry ]]; then options+=(--symlink ".host/@PREFIX@/$name" @TARGET@/"$name"); fi
done
)sh";

constexpr const char* kInherit = R"sh(
# Variables that are taken over from the caller.
while IFS= read -r name; do
  case $name in @GLOBS@) options+=(--setenv "$name" "${!name}") ;; esac
done < <(compgen -e)
)sh";

std::string filled(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

/// One word of the shell.
std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("/._-+:,@%=").find(c) != std::string_view::npos;
  });
  return plain ? text : '\'' + filled(text, "'", R"('\'')") + '\'';
}

class Script {
 public:
  Script(const Profile& profile, const View& view, const Sources& sources, const BpfProgram& filter) : profile_(profile), view_(view), sources_(sources), filter_(filter) {}

  std::string run() {
    head();
    namespaces();
    root();
    for (std::size_t i = 0; i < profile_.fs.size(); ++i) {
      entry_ = &profile_.fs[i];
      place_ = &view_.placements[i];
      where_ = entry_->op_key.known() ? entry_->op_key : entry_->span;
      parents();
      std::visit([this](const auto& op) { say(op); }, entry_->op);
    }
    where_ = profile_.root.writable.key_span;
    if (!*profile_.root.writable) option("--remount-ro /");
    program();
    rest();
    close();
    const std::string command = after();
    return before_ + out_ + command;
  }

 private:
  // ---- writing ----
  std::string place() const {
    if (!where_.known()) return "";
    const std::string& name = sources_.file(where_.file).name();
    return "  # " + name.substr(name.rfind('/') + 1) + ':' + std::to_string(sources_.line(where_));
  }
  void option(const std::string& words) {
    if (!open_) out_ += std::string(before_.empty() && out_.empty() ? "" : "\n") + (started_ ? "options+=(\n" : "options=(\n");
    open_ = started_ = true;
    out_ += "  " + words + place() + '\n';
  }
  void unsaid(const std::string& what) { out_ += std::string(open_ ? "  " : "") + "# not said: " + what + place() + '\n'; }
  void close() {
    if (open_) out_ += ")\n";
    open_ = false;
  }
  void shell(const std::string& text) {
    close();
    out_ += text;
  }
  /// Launch variables are the shell's: unset or empty ones without a default end it, as they end a launcher.
  std::string quoted(const Template& text) {
    if (text.literal()) return shell_word(text.str());
    const auto escaped = [](const std::string& literal) {
      std::string out;
      for (const char c : literal) out += std::string_view("\\\"$`").find(c) == std::string_view::npos ? std::string(1, c) : std::string("\\") + c;
      return out;
    };
    std::string out = "\"";
    for (const Segment& segment : text.segments)
      out += !segment.variable ? escaped(segment.text) : "${" + segment.text + (segment.fallback ? ":-" + fallback(*segment.fallback) : ":?") + "}";
    return out + '"';
  }
  /// Shells do not agree on quotes inside of `${NAME:-…}`, so a default that would need them is a variable.
  std::string fallback(const std::string& text) {
    if (text.find_first_of("'\"\\$`{}") == std::string::npos) return text;
    const std::string name = "default" + std::to_string(++data_);
    before_ += name + '=' + shell_word(text) + '\n';
    return '$' + name;
  }
  static std::string quoted(const std::string& text) { return shell_word(text); }
  template <class T>
  void at(const Field<T>& field) {
    where_ = field.key_span.known() ? field.key_span : field.span;
  }
  std::string target() { return place_->path.empty() ? quoted(*entry_->target) : quoted(place_->path); }
  /// A descriptor that reads these bytes; its name as a shell variable.
  std::string data(std::string_view bytes) {
    const std::string name = "data" + std::to_string(++data_);
    before_ += "exec {" + name + "}< <(base64 --decode <<'END'\n" + base64_lines(bytes) + "END\n)\n";
    return "\"$" + name + '"';
  }

  // ---- what is there ----
  void head() {
    before_ = "#!/usr/bin/env bash\n# The profile `" + *profile_.top.name + "` for bubblewrap, as near as that can say it; written by immure " IMMURE_VERSION ".\n" +
              "# What it cannot say stands after \"not said:\".\nset -euo pipefail\n";
  }

  void namespaces() {
    where_ = {};
    option("--unshare-user --unshare-ipc --unshare-pid --unshare-uts --unshare-cgroup");
    at(profile_.namespaces.network);
    if (*profile_.namespaces.network != type::Network::Host) option("--unshare-net");
    if (*profile_.namespaces.network == type::Network::None) unsaid("no interface at all: bubblewrap brings the loopback interface up");
    at(profile_.namespaces.hostname);
    option("--hostname " + quoted(profile_.namespaces.hostname.present ? *profile_.namespaces.hostname : *profile_.top.name));
    at(profile_.namespaces.nested);
    if (!*profile_.namespaces.nested) option("--disable-userns");
    id("--uid", profile_.user.uid);
    id("--gid", profile_.user.gid);
    capabilities();
    const ProcessTable& process = profile_.process;
    at(process.new_session);
    if (*process.new_session) option("--new-session");
    at(process.die_with_caller);
    if (*process.die_with_caller || *process.die_with_supervisor) option("--die-with-parent");
    if (!*process.die_with_caller && *process.die_with_supervisor) unsaid("to end with bubblewrap alone: it ends with its caller too");
  }

  void id(const char* name, const Field<type::Id>& field) {
    at(field);
    switch (field->kind) {
      case type::Id::Kind::Caller: return;
      case type::Id::Kind::Overflow: return option(std::string(name) + " 65534");
      case type::Id::Kind::Fixed: return option(std::string(name) + ' ' + std::to_string(field->number));
    }
  }

  void capabilities() {
    where_ = {};
    option("--cap-drop ALL");
    for (const Placed<type::Capability>& kept : *profile_.capabilities.keep) {
      where_ = kept.span;
      option("--cap-add " + kernel_name(kept.value));
    }
  }

  void root() {
    at(profile_.root.size);
    const type::Size size = *profile_.root.size;
    if (size.percent) unsaid("a share of the memory as the size of the root");
    option((size.percent ? "" : "--size " + std::to_string(size.number) + ' ') + std::string("--perms 0755 --tmpfs /"));
  }

  void parents() {
    if (place_->parent_mode == 0755) return;
    for (const std::string& parent : place_->parents) option("--perms " + octal(place_->parent_mode) + " --dir " + quoted(parent));
  }

  void say(const BindOp& op) {
    const Template& from = op.from.present ? *op.from : *entry_->target;
    const std::string try_it = *op.optional ? "-try " : " ";
    if (*op.ensure) before_ += "mkdir -p -m 0700 -- " + quoted(from) + '\n';
    const std::string verb = *op.device ? "--dev-bind" : *op.write ? "--bind" : "--ro-bind";
    option(verb + try_it + quoted(from) + ' ' + target());
    if (!*op.device || *op.write) return;
    option("--remount-ro " + target());
    unsaid("read-only mounts below it, where devices may be used");
  }

  void say(const TmpfsOp& op) {
    std::string words;
    if (op.size.present && op.size->percent) unsaid("a share of the memory as the size");
    if (op.size.present && !op.size->percent) words += "--size " + std::to_string(op.size->number) + ' ';
    if (op.inodes.present) unsaid("a bound on the number of files");
    if (!*op.exec) unsaid("noexec");
    option(words + "--perms " + octal(op.mode->bits) + " --tmpfs " + target());
    if (*op.readonly) option("--remount-ro " + target());
  }

  void say(const OverlayOp& op) {
    std::string words;  // the lowest first
    for (auto lower = op.lower->rbegin(); lower != op.lower->rend(); ++lower) words += "--overlay-src " + quoted(lower->value) + ' ';
    if (op.upper.present) words += "--overlay " + quoted(*op.upper) + ' ' + quoted(*op.work);
    else words += *op.ephemeral ? "--tmp-overlay" : "--ro-overlay";
    option(words + ' ' + target());
  }

  void say(const ProcOp& op) {
    if (*op.optional) unsaid("to go on where the kernel refuses a proc");
    option("--proc " + target());
    if (!*op.harden) return;
    unsaid("sys and sysrq-trigger read-only for root");
    const std::string path = place_->path.empty() ? entry_->target->shown() : place_->path;
    shell(filled(kMaskProc, "@PROC@", path));
  }

  void say(const DevOp& op) {
    option("--dev " + target());
    unsaid("its devices are read-only mounts, so that root inside cannot change their owner and mode on the host");
    option("--perms 1777 --tmpfs " + target() + "/shm");
    if (*op.mqueue) option("--mqueue " + target() + "/mqueue");
    for (const Placed<Template>& node : *op.nodes) {
      where_ = node.span;
      const std::string from = quoted(node.value);
      if (const std::optional<std::string> below = below_dev(node.value); below && node.value.literal()) option("--dev-bind " + from + ' ' + target() + '/' + quoted(*below));
      else option("--dev-bind " + from + ' ' + from);
    }
    if (!*op.write) option("--remount-ro " + target());
  }

  void say(const DirOp& op) { option("--perms " + octal(op.mode->bits) + " --dir " + target()); }

  void say(const FileOp& op) {
    const std::string& bytes = op.text.present ? *op.text : *op.base64;
    option("--perms " + octal(op.mode->bits) + " --ro-bind-data " + data(bytes) + ' ' + target());
  }

  void say(const SymlinkOp& op) { option("--symlink " + (*op.dereference ? "\"$(readlink -- " + quoted(*op.to) + ")\"" : quoted(*op.to)) + ' ' + target()); }

  void say(const RemountOp& op) {
    if (*op.readonly) option("--remount-ro " + target());
    if (*op.noexec || *op.nosuid || *op.nodev) unsaid("noexec, nosuid or nodev added to a mount");
    if (*op.recursive) unsaid("the mounts below it");
  }

  void say(const RootOp& op) {
    const std::string from = *op.from == Template{{Segment{false, "/", {}}}} ? "" : quoted(*op.from);
    shell(filled(filled(kRootEntries, "@FROM@", from), "@BIND@", *op.device ? "--dev-bind" : *op.write ? "--bind" : "--ro-bind"));
    if (*op.device && !*op.write) unsaid("read-only, where devices may be used");
  }

  void say(const EtcOp& op) {
    const std::string prefix = etc_prefix(profile_, op);
    option("--ro-bind " + quoted(*op.from) + ' ' + target() + "/.host/" + quoted(prefix));
    option("--symlink /proc/mounts " + target() + "/mtab");
    shell(filled(filled(filled(kEtcEntries, "@FROM@", quoted(*op.from)), "@PREFIX@", prefix), "@TARGET@", target()));
  }

  void say(const std::monostate&) {}

  // ---- what runs in it ----
  void program() {
    where_ = {};
    option("--clearenv");
    std::string globs;
    for (const Placed<std::string>& glob : *profile_.env.inherit) globs += (globs.empty() ? "" : " | ") + glob.value;
    if (!globs.empty()) shell(filled(kInherit, "@GLOBS@", globs));
    for (const type::EnvVar& variable : *profile_.env.set) {
      where_ = variable.name_span;
      option("--setenv " + variable.name + ' ' + quoted(variable.value));
    }
    at(profile_.program.cwd);
    option("--chdir " + quoted(*profile_.program.cwd));
    at(profile_.program.argv0);
    if (profile_.program.argv0.present) unsaid("argv[0] " + profile_.program.argv0->shown() + " (bubblewrap 0.9 has --argv0)");
    if (filter_.empty()) return;
    at(profile_.seccomp.presets);
    option("--seccomp " + data({reinterpret_cast<const char*>(filter_.data()), filter_.size() * sizeof(BpfInsn)}));
  }

  /// What no option is for.
  void rest() {
    const ProcessTable& process = profile_.process;
    const auto when = [this](bool wanted, const Span& span, const std::string& what) {
      where_ = span;
      if (wanted) unsaid(what);
    };
    where_ = {};
    unsaid("Landlock: no signal and no abstract socket leads out" +
           std::string(profile_.landlock_paths.empty() && profile_.landlock_ports.empty() ? "" : ", and the rules for paths and ports"));
    unsaid("descriptors of the caller other than 0 to 2 are closed");
    when(process.timeout.present, process.timeout.key_span, "a time-out");
    when(process.linger.key_span.known(), process.linger.key_span, "how long processes that the program leaves behind may live");
    when(process.status_fd.present, process.status_fd.key_span, "a status descriptor of this form (bubblewrap has --json-status-fd)");
    when(*process.on_cancel != type::OnCancel::Forward, process.on_cancel.key_span, "what SIGUSR2 does");
    when(profile_.user.run_as.present, profile_.user.run_as.key_span, "to become another user first (setpriv does it)");
    when(profile_.cgroup.path.present, profile_.cgroup.path.key_span, "a cgroup");
    when(profile_.cgroup.fd.present, profile_.cgroup.fd.key_span, "a cgroup");
    for (const DaemonRow& daemon : profile_.daemons) when(true, daemon.span, "a daemon that is started before the program");
  }

  std::string after() {
    std::string command = "bwrap \"${options[@]}\" -- " + quoted(*profile_.program.path);
    for (const Placed<Template>& arg : *profile_.program.args) command += ' ' + quoted(arg.value);
    if (*profile_.program.pass_args) command += " \"$@\"";
    if (*profile_.process.stdin_ == type::Stdin::Null) command += " </dev/null";
    std::string limits;
    LimitsTable table = profile_.limits;
    visit_keys(table, [&](const KeyInfo& key, const Field<type::Limit>& field) {
      if (field.present) limits += std::string(" --") + key.name + '=' + (field->value == UINT64_MAX ? "unlimited" : std::to_string(field->value));
    });
    return "\nexec " + (limits.empty() ? "" : "prlimit" + limits + " ") + command + '\n';
  }

  const Profile& profile_;
  const View& view_;
  const Sources& sources_;
  const BpfProgram& filter_;
  const FsEntry* entry_ = nullptr;
  const Placement* place_ = nullptr;
  Span where_;
  std::string before_, out_;
  bool open_ = false, started_ = false;
  int data_ = 0;
};

}  // namespace

int emit_bwrap(Session& session) {
  const Judged judged = judge(session, session.options.files[0]);
  BpfProgram filter;
  if (judged.profile && !session.diags.has_errors())
    if (const std::optional<SyscallPolicy> policy = program_policy(*judged.profile))
      filter = filter_of(session, *policy, judged.profile->seccomp.optimize.span).value_or(BpfProgram());
  report(session);
  if (!judged.view || session.diags.has_errors()) return session.status();
  return deliver(session, Script(*judged.profile, *judged.view, session.sources, filter).run(), 0755, true);
}

}  // namespace immure
