// `immure import bwrap`: a profile from a command line of bubblewrap, alone in a file or in the script that it stands in.
//
// One row for each option: how many words follow it, and what it becomes. bubblewrap starts from everything shared and takes away, a profile from nothing and grants; so what no
// option takes away is granted here, with a comment that says so, where the language can grant it. Where it cannot (namespaces are always new, capabilities always
// go) the profile is the stricter one, and a comment says that too.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "compiler/import.h"
#include "compiler/profile_text.h"
#include "compiler/shell_words.h"
#include "compiler/words.h"

namespace immure {
namespace {

// clang-format off
enum class Does {
  Bind, BindTry, DevBind, DevBindTry, RoBind, RoBindTry, RemountRo, Proc, Dev, Tmpfs, Mqueue, Dir, Symlink, Perms, Size, OverlaySource, Overlay, TmpOverlay, RoOverlay,
  Data, Chmod, UnshareAll, UnshareNet, ShareNet, Unshare, Uid, Gid, Hostname, Chdir, SetEnv, UnsetEnv, ClearEnv, CapAdd, CapDrop, NewSession, DieWithParent,
  DisableUserns, Argv0, Filter, Nothing, Cannot,
};
// clang-format on
struct Row {
  std::string_view option;
  std::size_t words;
  Does does;
  std::string_view why{};  // of Cannot
};
// clang-format off
constexpr Row kRows[] = {
    {"--bind", 2, Does::Bind}, {"--bind-try", 2, Does::BindTry}, {"--dev-bind", 2, Does::DevBind}, {"--dev-bind-try", 2, Does::DevBindTry},
    {"--ro-bind", 2, Does::RoBind}, {"--ro-bind-try", 2, Does::RoBindTry}, {"--remount-ro", 1, Does::RemountRo}, {"--proc", 1, Does::Proc}, {"--dev", 1, Does::Dev},
    {"--tmpfs", 1, Does::Tmpfs}, {"--mqueue", 1, Does::Mqueue}, {"--dir", 1, Does::Dir}, {"--symlink", 2, Does::Symlink}, {"--perms", 1, Does::Perms}, {"--size", 1, Does::Size},
    {"--overlay-src", 1, Does::OverlaySource}, {"--overlay", 3, Does::Overlay}, {"--tmp-overlay", 1, Does::TmpOverlay}, {"--ro-overlay", 1, Does::RoOverlay},
    {"--file", 2, Does::Data}, {"--bind-data", 2, Does::Data}, {"--ro-bind-data", 2, Does::Data}, {"--chmod", 2, Does::Chmod},
    {"--unshare-all", 0, Does::UnshareAll}, {"--unshare-net", 0, Does::UnshareNet}, {"--share-net", 0, Does::ShareNet}, {"--unshare-user", 0, Does::Unshare}, {"--unshare-user-try", 0, Does::Unshare},
    {"--unshare-ipc", 0, Does::Unshare}, {"--unshare-pid", 0, Does::Unshare}, {"--unshare-uts", 0, Does::Unshare}, {"--unshare-cgroup", 0, Does::Unshare}, {"--unshare-cgroup-try", 0, Does::Unshare},
    {"--uid", 1, Does::Uid}, {"--gid", 1, Does::Gid}, {"--hostname", 1, Does::Hostname}, {"--chdir", 1, Does::Chdir}, {"--setenv", 2, Does::SetEnv}, {"--unsetenv", 1, Does::UnsetEnv},
    {"--clearenv", 0, Does::ClearEnv}, {"--cap-add", 1, Does::CapAdd}, {"--cap-drop", 1, Does::CapDrop}, {"--new-session", 0, Does::NewSession}, {"--die-with-parent", 0, Does::DieWithParent},
    {"--disable-userns", 0, Does::DisableUserns}, {"--assert-userns-disabled", 0, Does::DisableUserns}, {"--argv0", 1, Does::Argv0}, {"--seccomp", 1, Does::Filter}, {"--add-seccomp-fd", 1, Does::Filter},
    {"--level-prefix", 0, Does::Nothing},
    {"--bind-fd", 2, Does::Cannot, "a bind from a descriptor: name the directory"}, {"--ro-bind-fd", 2, Does::Cannot, "a bind from a descriptor: name the directory"},
    {"--args", 1, Does::Cannot, "options that are read from a descriptor"}, {"--userns", 1, Does::Cannot, "a namespace that is there already: a sandbox makes its own"},
    {"--userns2", 1, Does::Cannot, "a namespace that is there already: a sandbox makes its own"}, {"--pidns", 1, Does::Cannot, "a namespace that is there already: a sandbox makes its own"},
    {"--as-pid-1", 0, Does::Cannot, "to be process 1: that is the sandbox's init, which reaps and passes signals on"}, {"--lock-file", 1, Does::Cannot, "a lock file"},
    {"--sync-fd", 1, Does::Cannot, "a descriptor that is held open"}, {"--info-fd", 1, Does::Cannot, "this form of status: `process.status-fd` has its own"},
    {"--json-status-fd", 1, Does::Cannot, "this form of status: `process.status-fd` has its own"}, {"--block-fd", 1, Does::Cannot, "to wait for a descriptor"},
    {"--userns-block-fd", 1, Does::Cannot, "to wait for a descriptor"}, {"--exec-label", 1, Does::Cannot, "an SELinux label"}, {"--file-label", 1, Does::Cannot, "an SELinux label"},
};
// clang-format on

Template literal(std::string text) { return Template{{Segment{false, std::move(text), {}}}}; }

/// A literal piece of a path without `//`, `.` and, where it is the last, a slash at its end. Nothing where a `..` is in it.
std::optional<std::string> cleaned(const std::string& text, bool last) {
  std::string out = text.starts_with('/') ? "/" : "";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    const std::string component = text.substr(begin, end - begin);
    begin = end + 1;
    if (component == "..") return std::nullopt;
    if (component.empty() || component == ".") continue;
    out += component + '/';
  }
  if (last || !text.ends_with('/'))
    if (!out.empty()) out.pop_back();
  return out;
}

/// As a profile writes a path: absolute (bubblewrap takes others from the current directory), cleaned.
std::optional<Template> path_of(const Template& text) {
  Template out;
  const bool absolute = !text.segments.empty() && (text.segments[0].variable || text.segments[0].text.starts_with('/'));
  if (!absolute) out.segments = {Segment{true, "PWD", {}}, Segment{false, "/", {}}};
  for (const Segment& segment : text.segments) {
    if (segment.variable || out.segments.empty() || out.segments.back().variable) out.segments.push_back(segment);
    else out.segments.back().text += segment.text;
  }
  for (std::size_t i = 0; i < out.segments.size(); ++i) {
    if (out.segments[i].variable) continue;
    const std::optional<std::string> clean = cleaned(out.segments[i].text, i + 1 == out.segments.size());
    if (!clean) return std::nullopt;
    out.segments[i].text = out.segments.size() == 1 && clean->empty() ? "/" : *clean;
  }
  std::erase_if(out.segments, [](const Segment& segment) { return !segment.variable && segment.text.empty(); });
  return out;
}

class Import {
 public:
  Import(const Sources& sources, std::uint32_t file, Diagnostics& diags)
      : sources_(sources),
        file_(file),
        diags_(diags),
        out_("From the bubblewrap command line in " + sources.file(file).name().substr(sources.file(file).name().rfind('/') + 1) +
             ".\nWhat could not be carried over stands after \"not carried over:\".") {}

  std::optional<std::string> run() {
    const ShellScript script = read_shell(sources_.file(file_).text(), file_);
    const ShellCommand* command = find(script);
    if (command == nullptr) {
      diags_.add(Code::NotImportable, {file_, 0, 0}, "there is no command `bwrap` in it").help("a file with a command line, as you would type it");
      return std::nullopt;
    }
    for (const Span& skipped : script.skipped) skip_note(skipped);
    words_ = {command->words.begin() + static_cast<std::ptrdiff_t>(first_), command->words.end()};
    if (command->null_input) out_.set("process", "stdin", "\"null\"");
    while (at_ < words_.size() && option()) {
    }
    program();
    settle();
    return out_.text();
  }

 private:
  // ---- the words ----
  const ShellCommand* find(const ShellScript& script) {
    for (const ShellCommand& command : script.commands)
      for (std::size_t i = 0; i < command.words.size(); ++i) {
        if (!command.words[i].text.literal()) continue;
        const std::string word = command.words[i].text.str();
        if (word.substr(word.rfind('/') + 1) != "bwrap") continue;
        first_ = i + 1;
        return &command;
      }
    return nullptr;
  }
  void skip_note(const Span& place) {
    where_ = place;
    cannot("what this part of the script adds: it is not run here", "");
  }
  /// A comment at this place in the profile, and a diagnostic at that place in the script.
  void cannot(const std::string& what, const std::string& table) {
    diags_.add(Code::NotCarriedOver, where_, "not carried over: " + what);
    const std::string note = kNotCarried + what + " (line " + std::to_string(sources_.line(where_)) + ')';
    if (table.empty()) out_.note_here(note);
    else out_.note(table, note);
  }
  const ShellWord& word(std::size_t i) const { return words_[at_ + i]; }
  std::string text(std::size_t i) const { return word(i).text.literal() ? word(i).text.str() : word(i).text.shown(); }

  /// False where the options end.
  bool option() {
    const ShellWord& first = words_[at_];
    where_ = first.span;
    if (!first.text.literal() || !first.text.str().starts_with("--")) return false;
    const std::string name = first.text.str();
    ++at_;
    if (name == "--") return false;
    const Row* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& each) { return each.option == name; });
    if (row == std::end(kRows)) {
      cannot("`" + name + "`, an option that is not known here; what follows it may be misread", "");
      return true;
    }
    if (words_.size() - at_ < row->words) {
      cannot("`" + name + "`, which wants more words", "");
      at_ = words_.size();
      return true;
    }
    bool known = true;
    for (std::size_t i = 0; i < row->words; ++i) known = known && word(i).known && word(i).array.empty() && !word(i).arguments;
    if (!known && row->does != Does::Data && row->does != Does::Filter) cannot("`" + source(row->words) + "`: what is in it is only known when the script runs", "");
    else apply(*row);
    if (row->does != Does::Perms && row->does != Does::Size) perms_ = size_ = "";
    at_ += row->words;
    return true;
  }
  /// The option and its words as they stand in the script.
  std::string source(std::size_t words) const {
    const std::uint32_t begin = where_.begin, end = words == 0 ? where_.end : words_[at_ + words - 1].span.end;
    if (end <= begin || end - begin > 200) return std::string(sources_.file(file_).text().substr(begin, where_.end - begin));
    return sources_.file(file_).text().substr(begin, end - begin);
  }

  void apply(const Row& row) {
    switch (row.does) {
      case Does::Bind: return bind(true, false, false);
      case Does::BindTry: return bind(true, false, true);
      case Does::DevBind: return bind(true, true, false);
      case Does::DevBindTry: return bind(true, true, true);
      case Does::RoBind: return bind(false, false, false);
      case Does::RoBindTry: return bind(false, false, true);
      case Does::RemountRo: return remount();
      case Does::Proc: return op("proc", 0, {});
      case Does::Dev: return op("dev", 0, {"write = true"});
      case Does::Tmpfs: return tmpfs();
      case Does::Mqueue: return mqueue();
      case Does::Dir: return op("dir", 0, mode("0755"));
      case Does::Symlink: return op("symlink", 1, {"to = " + out_.value(word(0).text)});
      case Does::Perms: perms_ = std::string(4 - std::min<std::size_t>(4, text(0).size()), '0') + text(0); return;
      case Does::Size: size_ = text(0); return;
      case Does::OverlaySource: lower_.insert(lower_.begin(), value(0)); return;
      case Does::Overlay: return overlay(2, {"upper = " + value(0), "work = " + value(1)});
      case Does::TmpOverlay: return overlay(0, {"ephemeral = true"});
      case Does::RoOverlay: return overlay(0, {});
      case Does::Data: return cannot("`" + source(2) + "`: a file from a descriptor; write `file = " + toml_string(text(1)) + "` with its `text` or `source`", "");
      case Does::Chmod: return cannot("`" + source(2) + "`: give the mode where it is made", "");
      case Does::UnshareAll: unshared_net_ = true; return;
      case Does::UnshareNet: unshared_net_ = true; return;
      case Does::ShareNet: unshared_net_ = false; return;
      case Does::Unshare: return;
      case Does::Uid: out_.set("user", "uid", text(0)); return;
      case Does::Gid: out_.set("user", "gid", text(0)); return;
      case Does::Hostname: out_.set("namespaces", "hostname", toml_string(text(0))); return;
      case Does::Chdir: out_.set("program", "cwd", value(0)); return;
      case Does::SetEnv: set_env(text(0), out_.value(word(1).text)); return;
      case Does::UnsetEnv: return unset_env();
      case Does::ClearEnv:
        clear_env_ = true;
        set_.clear();
        return;
      case Does::CapAdd: return keep_capability();
      case Does::CapDrop: keep_.clear(); return;
      case Does::NewSession: new_session_ = true; return;
      case Does::DieWithParent: out_.set("process", "die-with-caller", "true"); return;
      case Does::DisableUserns: nested_ = false; return;
      case Does::Argv0: argv0_ = out_.value(word(0).text); return;
      case Does::Filter: return cannot("`" + source(1) + "`: a filter from a descriptor; the profile has the presets' instead", "seccomp");
      case Does::Nothing: return;
      case Does::Cannot: return cannot("`" + source(row.words) + "`: " + std::string(row.why), "");
    }
  }

  // ---- the filesystem ----
  /// The path of word `i` as a value; "" where a profile takes none such, which is reported.
  std::string value(std::size_t i) {
    const std::optional<Template> path = path_of(word(i).text);
    if (path) return out_.value(*path);
    cannot("`" + text(i) + "`: a path with `..`", "");
    return "\"/\"";
  }
  std::string comment() const { return "line " + std::to_string(sources_.line(where_)); }
  std::vector<std::string> mode(std::string_view usual) const {
    if (perms_.empty() || perms_ == usual) return {};
    return {"mode = " + toml_string(perms_)};
  }
  /// An entry whose target is word `i`; the last one at that place is remembered.
  void op(const std::string& key, std::size_t i, std::vector<std::string> lines) {
    const std::string target = value(i);
    lines.insert(lines.begin(), key + " = " + target);
    if (key == "remount") {
      out_.add("fs", std::move(lines), comment());
      return;
    }
    last_at_[target] = {key, out_.add("fs", std::move(lines), comment())};
  }
  void bind(bool write, bool device, bool optional) {
    const std::string from = value(0), to = value(1);
    if (to == "\"/\"") return bind_root(from, write, device);
    std::vector<std::string> lines;
    if (from != to) lines.push_back("from = " + from);
    if (write) lines.push_back("write = true");
    if (device) lines.push_back("device = true");
    if (optional) lines.push_back("optional = true");
    op("bind", 1, std::move(lines));
  }
  /// A profile's root is always a tmpfs of its own, filled from the host's by the op `root`.
  void bind_root(const std::string& from, bool write, bool device) {
    const bool host = from == "\"/\"";
    if (write && host) cannot("that all of the host's root may be written: grant the directories that the program works in", "");
    const bool writable = write && !host;
    std::vector<std::string> lines{"root = \"/\""}, flags;
    if (!host) lines.push_back("from = " + from);
    if (writable) flags.push_back("write = true");
    if (device) flags.push_back("device = true");
    lines.insert(lines.end(), flags.begin(), flags.end());
    out_.add("fs", lines, comment() + ": all but proc dev tmp mnt etc, which follow");
    for (const char* name : {"/etc", "/tmp", "/mnt"}) {
      std::vector<std::string> part{"bind = " + toml_string(name)};
      if (!host) part.push_back("from = " + from.substr(0, from.size() - 1) + name + '"');
      part.insert(part.end(), flags.begin(), flags.end());
      part.push_back("optional = true");
      last_at_[toml_string(name)] = {"bind", out_.add("fs", part)};
    }
  }
  void tmpfs() {
    std::vector<std::string> lines = mode("0755");
    if (!size_.empty()) lines.insert(lines.begin(), "size = " + size_);
    const std::string target = value(0);
    if (target == "\"/\"") {
      if (!size_.empty()) out_.set("root", "size", size_);
      return;
    }
    // A `dev` has its own.
    if (target.ends_with("/shm\"") && last_at_.contains(target.substr(0, target.size() - 5) + '"') && last_at_[target.substr(0, target.size() - 5) + '"'].first == "dev") return;
    op("tmpfs", 0, std::move(lines));
  }
  void mqueue() {
    for (const auto& [target, made] : last_at_)
      if (made.first == "dev" && value(0) == target.substr(0, target.size() - 1) + "/mqueue\"") {
        out_.entry(made.second).push_back("mqueue = true");
        return;
      }
    cannot("`" + source(1) + "`: a message queue is a part of a `dev`", "");
  }
  void overlay(std::size_t target, std::vector<std::string> lines) {
    lines.insert(lines.begin(), "lower = " + toml_list(lower_));
    lower_.clear();
    op("overlay", target, std::move(lines));
  }
  void remount() {
    const std::string target = value(0);
    if (target == "\"/\"") {
      root_readonly_ = true;
      return;
    }
    const auto made = last_at_.find(target);
    if (made != last_at_.end() && made->second.first == "dev") std::erase(out_.entry(made->second.second), "write = true");
    else op("remount", 0, {"readonly = true"});
  }

  // ---- the rest ----
  void set_env(const std::string& name, const std::string& value) {
    unset_env(name);
    set_.emplace_back(name, value);
  }
  void unset_env(const std::string& name) {
    std::erase_if(set_, [&](const auto& each) { return each.first == name; });
  }
  void unset_env() {
    unset_env(text(0));
    if (!clear_env_) cannot("`" + source(1) + "`: of what is inherited nothing can be left out; name what is wanted in `inherit` instead", "env");
  }
  void keep_capability() {
    for (int i = 0; i <= static_cast<int>(type::Capability::CheckpointRestore); ++i)
      if (kernel_name(static_cast<type::Capability>(i)) == text(0)) {
        keep_.push_back(toml_string(word_of(static_cast<type::Capability>(i))));
        return;
      }
    cannot("`" + source(1) + "`: name each capability that is needed", "capabilities");
  }

  void program() {
    where_ = words_.empty() ? Span{file_, 0, 0} : words_[std::min(at_, words_.size() - 1)].span;
    std::vector<std::string> args;
    bool pass_args = false, first = true;
    for (; at_ < words_.size(); ++at_) {
      const ShellWord& each = words_[at_];
      where_ = each.span;
      if (each.arguments) {
        if (first) continue;
        if (at_ + 1 != words_.size()) cannot("arguments of the launcher before others: they follow all of the profile's", "program");
        pass_args = true;
      } else if (!each.known || !each.array.empty()) {
        cannot("the argument `" + source(0) + "`: what is in it is only known when the script runs", "program");
      } else if (first) {
        program_path(each.text);
        first = false;
      } else {
        args.push_back(out_.value(each.text));
      }
    }
    if (first) {
      cannot("the program: bubblewrap is told it when it is called", "program");
      out_.set("program", "path", "\"/bin/sh\"");
      pass_args = true;
    }
    if (!args.empty()) out_.set("program", "args", toml_list(args));
    if (!argv0_.empty()) out_.set("program", "argv0", argv0_);
    if (!pass_args) out_.set("program", "pass-args", "false");
  }
  void program_path(const Template& path) {
    if (!path.segments.empty() && (path.segments[0].variable || path.segments[0].text.starts_with('/')))
      return out_.set("program", "path", out_.value(path_of(path).value_or(path)));
    Template whole = path;
    whole.segments.insert(whole.segments.begin(), Segment{false, "/usr/bin/", {}});
    if (whole.segments.size() > 1 && !whole.segments[1].variable) whole = literal("/usr/bin/" + path.str());
    out_.set("program", "path", out_.value(whole), "bubblewrap looks for it along PATH");
  }

  /// What stands nowhere in the command line.
  void settle() {
    if (!root_readonly_) out_.set("root", "writable", "true", "bubblewrap leaves its root writable");
    out_.set("namespaces", "network", unshared_net_ ? "\"loopback\"" : "\"host\"", unshared_net_ ? "bubblewrap brings lo up" : "no --unshare-net");
    if (nested_) out_.set("namespaces", "nested", "false", "bubblewrap without --disable-userns would allow it");
    if (!new_session_) out_.set("process", "new-session", "false", "no --new-session");
    out_.set("process", "linger", "\"0s\"");
    if (!clear_env_) out_.set("env", "inherit", "[\"*\"]", "no --clearenv; name what is needed instead");
    if (!set_.empty()) {
      std::string table;
      for (const auto& [name, value] : set_) table += (table.empty() ? " " : ", ") + name + " = " + value;
      out_.set("env", "set", '{' + table + " }");
    }
    if (!keep_.empty()) out_.set("capabilities", "keep", toml_list(keep_));
  }

  const Sources& sources_;
  std::uint32_t file_;
  Diagnostics& diags_;
  ProfileText out_;
  std::vector<ShellWord> words_;
  std::size_t at_ = 0, first_ = 0;
  Span where_;
  std::string perms_, size_, argv0_;
  std::vector<std::string> lower_, keep_;
  std::vector<std::pair<std::string, std::string>> set_;
  std::map<std::string, std::pair<std::string, std::size_t>> last_at_;  // by target: the op's key, its entry
  bool unshared_net_ = false, root_readonly_ = false, nested_ = true, new_session_ = false, clear_env_ = false;
};

}  // namespace

std::optional<std::string> import_bwrap(const Sources& sources, std::uint32_t file, Diagnostics& diags) { return Import(sources, file, diags).run(); }

}  // namespace immure
