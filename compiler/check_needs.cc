// What programs take for granted, and a view has only where it was put: their loader, /proc and /dev. Warnings, because the text alone cannot tell what a program of the host
// does; `--host` knows its loader, and then says so for certain (check_host_program.cc).
#include <algorithm>
#include <array>
#include <cctype>

#include "compiler/check_rules.h"
#include "compiler/elf_needs.h"

namespace immure::rules {
namespace {

bool may_be_there(const View& view, std::string_view path) { return !view.walk(path, true).absent(); }

// ---- the loader -----------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 4> kLoaders{"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"};
// Where a distribution has its programs, of which next to none is static.
constexpr std::array<std::string_view, 6> kOfTheSystem{"/usr/bin/", "/usr/sbin/", "/usr/libexec/", "/usr/games/", "/bin/", "/sbin/"};

bool of_the_system(std::string_view path) {
  return std::any_of(kOfTheSystem.begin(), kOfTheSystem.end(), [&](std::string_view directory) { return path.starts_with(directory); });
}

void check_loader(const View& view, const Field<type::Path>& field, Diagnostics& diags) {
  if (!field.present || !field->literal() || !of_the_system(field->str())) return;
  const Walk walk = view.walk(field->str(), true);
  const bool of_the_host = walk.end == Walk::End::Unknown || (walk.end == Walk::End::Found && view.nodes[walk.node].kind == NodeKind::Unknown);
  if (!of_the_host || std::any_of(kLoaders.begin(), kLoaders.end(), [&](std::string_view loader) { return may_be_there(view, loader); })) return;
  Diagnostic& d = diags.add(Code::LoaderMissing, field.span, "there is no loader for `" + field->str() + "` in the view, such as `" + std::string(kLoaders[0]) + "`");
  if (may_be_there(view, "/usr/lib64/x") && !view.has_floating())
    d.help("`/lib64` and `/lib` are links on most systems: add `{ symlink = \"/lib64\", to = \"usr/lib64\" }` and `{ symlink = \"/lib\", to = \"usr/lib\" }`");
  d.help("`extends = [\"immure:system\"]` gives the programs and libraries of the host, with these links");
}

/// A script that the profile itself holds tells its interpreter.
void check_interpreter(const Profile& profile, const View& view, const Field<type::Path>& field, Diagnostics& diags) {
  if (!field.present || !field->literal()) return;
  const Walk walk = view.walk(field->str(), true);
  if (walk.end != Walk::End::Found || view.nodes[walk.node].op < 0) return;
  const FsEntry& entry = profile.fs[static_cast<std::size_t>(view.nodes[walk.node].op)];
  const FileOp* file = std::get_if<FileOp>(&entry.op);
  if (file == nullptr || view.nodes[walk.node].kind != NodeKind::File || !view.nodes[walk.node].main) return;
  const std::string& text = file->text.present ? *file->text : *file->base64;
  const Needs needs = needs_of([&](std::uint64_t offset, std::size_t size) { return offset < text.size() ? text.substr(offset, size) : std::string(); });
  const std::string& interpreter = needs.interpreter;
  if (needs.kind != Needs::Kind::Script || !interpreter.starts_with('/') || may_be_there(view, interpreter)) return;
  diags.add(Code::HostInterpreterMissing, field.span, "the `#!` interpreter `" + interpreter + "` of `" + field->str() + "` is not in the view")
      .label(entry.target.span, "the script is here")
      .help("`extends = [\"immure:system\"]` gives the programs and libraries of the host");
}

// ---- /proc and /dev -------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 6> kShells{"sh", "bash", "dash", "zsh", "fish", "ksh"};

void no_proc(Span span, std::string message, Diagnostics& diags) { diags.add(Code::ProcMissing, span, std::move(message)).help("add `{ proc = \"/proc\" }`"); }

void no_dev(const View& view, Span span, std::string message, Diagnostics& diags) {
  diags.add(Code::DevMissing, span, std::move(message)).help(may_be_there(view, "/dev/null") ? "devices of the host are listed in `nodes` of the `dev`" : "add `{ dev = \"/dev\" }`");
}

bool of_a_path(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '/'; }

/// Whether `path`, found in a text, is one that the text certainly means and the view certainly has not.
bool missing(const View& view, const std::string& path) {
  if (path == "/proc" || path == "/dev") return false;  // of a pattern, such as `--exclude=/proc/*`
  if (path.starts_with("/dev/tcp/") || path.starts_with("/dev/udp/")) return false;  // bash means connections by these
  return !may_be_there(view, path);
}

/// Names of files below /proc and /dev that stand in a text, such as a shell's script. Says whether there was one.
bool check_text(const View& view, const Template& text, Span span, Diagnostics& diags) {
  for (std::size_t i = 0; i < text.segments.size(); ++i) {
    if (text.segments[i].variable) continue;
    const std::string_view all = text.segments[i].text;
    for (std::size_t at = 0; at < all.size(); ++at) {
      const bool proc = all.substr(at).starts_with("/proc/"), dev = all.substr(at).starts_with("/dev/");
      if ((!proc && !dev) || (at == 0 ? i != 0 : of_a_path(all[at - 1]))) continue;
      std::size_t end = at;
      while (end < all.size() && of_a_path(all[end])) ++end;
      if (end == all.size() && i + 1 < text.segments.size()) break;  // a variable tells the rest
      std::string path(all.substr(at, end - at));
      while (path.ends_with('.') || path.ends_with('/')) path.pop_back();
      if (!missing(view, path)) continue;
      const std::string message = "there is no `" + path + "` in the view";
      if (proc) no_proc(span, message, diags);
      else no_dev(view, span, message, diags);
      return true;
    }
  }
  return false;
}

void check_shell(const View& view, const Field<type::Path>& field, Diagnostics& diags) {
  if (!field.present || !field->literal()) return;
  const std::string path = field->str();
  const std::string name = path.substr(path.rfind('/') + 1);
  if (std::find(kShells.begin(), kShells.end(), name) == kShells.end() || !may_be_there(view, path) || may_be_there(view, "/dev/null")) return;
  no_dev(view, field.span, "there is no `/dev/null` in the view, which next to every script of a shell writes to", diags);
}

void check_links(const Profile& profile, const View& view, Diagnostics& diags) {
  if (may_be_there(view, "/proc/self")) return;
  each<DevOp>(profile, [&](std::int32_t, const FsEntry& entry, const DevOp&) {
    no_proc(entry.target.span, "`stdin`, `stdout`, `stderr` and `fd` of this `dev` lead to `/proc/self/fd`, and there is no `/proc` in the view", diags);
  });
}

void check_program(const Profile& profile, const View& view, const Field<type::Path>& path, const Field<type::Texts>& args, Diagnostics& diags) {
  check_loader(view, path, diags);
  check_interpreter(profile, view, path, diags);
  bool said = false;
  for (const Placed<Template>& arg : *args) said = check_text(view, arg.value, arg.span, diags) || said;
  if (!said) check_shell(view, path, diags);
}

}  // namespace

void needs(const Profile& profile, const View& view, Diagnostics& diags) {
  check_program(profile, view, profile.program.path, profile.program.args, diags);
  for (const DaemonRow& daemon : profile.daemons) check_program(profile, view, daemon.path, daemon.args, diags);
  for (const type::EnvVar& variable : *profile.env.set) check_text(view, variable.value, variable.value_span, diags);
  check_links(profile, view, diags);
}

}  // namespace immure::rules
