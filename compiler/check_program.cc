// Can the program be found and executed, and can its working directory be entered? Asked of the finished view.
#include <array>

#include "compiler/check_rules.h"
#include "compiler/fs_names.h"

namespace immure::rules {
namespace {

const FsEntry* maker(const Profile& profile, const View& view, std::uint32_t node) {
  const std::int32_t op = view.nodes[node].op;
  return op < 0 ? nullptr : &profile.fs[static_cast<std::size_t>(op)];
}

bool is_there(const View& view, const char* path) {
  const Walk walk = view.walk(path, true);
  return walk.end == Walk::End::Found || walk.end == Walk::End::Unknown;
}

/// What most likely is missing, for a path that certainly is not there.
void help_missing(Diagnostic& d, const Profile& profile, const View& view, const std::string& path, const Walk& walk) {
  if (walk.end == Walk::End::Dangling || walk.end == Walk::End::Loop) {
    if (const FsEntry* entry = maker(profile, view, walk.link)) d.label(entry->target.span, "this link leads to `" + view.nodes[walk.link].link.shown() + "`, where nothing is");
    return;
  }
  if (const FsEntry* entry = maker(profile, view, walk.node)) {
    std::string rest;
    for (const std::string& name : walk.rest) rest += (rest.empty() ? "" : "/") + name;
    d.label(entry->target.span, "`" + view.path_of(walk.node) + "` comes from this `" + op_key(entry->op) + "`, and there is no `" + rest + "` in it");
  }
  constexpr std::array<const char*, 4> kMerged{"bin", "sbin", "lib", "lib64"};
  for (const char* name : kMerged) {
    if (!path.starts_with("/" + std::string(name) + "/")) continue;
    if (is_there(view, "/usr")) d.help("`/" + std::string(name) + "` is a link on most systems: add `{ symlink = \"/" + name + "\", to = \"usr/" + name + "\" }`");
    else d.help("`extends = [\"immure:system\"]` gives the programs and libraries of the host");
    return;
  }
  if (path.starts_with("/usr/")) d.help("`extends = [\"immure:system\"]` gives the programs and libraries of the host");
  else d.help("only what an entry of `fs` puts there can be seen: bind it, or the directory that it is in");
}

/// `what`: "program" or "daemon"; both are executed alike.
void check_path(const Profile& profile, const View& view, const Field<type::Path>& field, const std::string& what, Diagnostics& diags) {
  if (!field.present || !field->literal()) return;
  const std::string path = field->str();
  const Walk walk = view.walk(path, true);
  if (walk.absent()) {
    Diagnostic& d = diags.add(Code::ProgramMissing, field.span, "there is no `" + path + "` in the view");
    help_missing(d, profile, view, path, walk);
    return;
  }
  if (walk.end != Walk::End::Found) return;
  const ViewNode& node = view.nodes[walk.node];
  const FsEntry* entry = maker(profile, view, walk.node);
  if (node.kind == NodeKind::Directory) {
    Diagnostic& d = diags.add(Code::ProgramIsDirectory, field.span, "the " + what + " `" + path + "` is a directory");
    if (entry != nullptr) d.label(entry->target.span, node.implicit ? "it is made on the way to this target" : "it is made here");
    return;
  }
  if (node.kind == NodeKind::File && (node.mode & 0100) == 0) {
    Diagnostic& d = diags.add(Code::ProgramNotExecutable, field.span, "the " + what + " `" + path + "` may not be executed");
    if (entry != nullptr) d.label(entry->target.span, "this file has no permission to execute").help("add `mode = \"0555\"` to the `file`");
    return;
  }
  if (!node.maybe && (node.kind == NodeKind::Device || view.has_flag(node.mount, kNoexec))) {
    Diagnostic& d = diags.add(Code::ProgramNotExecutable, field.span, "the " + what + " `" + path + "` may not be executed: it is on a mount without execution");
    const std::int32_t from = view.flag_from(node.mount, kNoexec);
    if (from >= 0) d.label(profile.fs[static_cast<std::size_t>(from)].target.span, "it comes from here");
  }
}

void check_cwd(const Profile& profile, const View& view, Diagnostics& diags) {
  const Field<type::Path>& field = profile.program.cwd;
  if (!field.present || !field->literal()) return;
  const Walk walk = view.walk(field->str(), true);
  const bool file = walk.end == Walk::End::Found && (view.nodes[walk.node].kind == NodeKind::File || view.nodes[walk.node].kind == NodeKind::Device);
  // A target with a variable may make any directory, as a parent.
  const bool missing = walk.absent() && !((walk.end == Walk::End::Missing || walk.end == Walk::End::Dangling) && view.has_floating());
  if (!file && !missing) return;
  Diagnostic& d = diags.add(Code::CwdMissing, field.span,
                            file ? "the working directory `" + field->str() + "` is not a directory" : "there is no directory `" + field->str() + "` in the view");
  const FsEntry* entry = maker(profile, view, walk.node);
  if (file && entry != nullptr) d.label(entry->target.span, "it is made here");
  if (!file) d.help("bind it, or make it: `{ dir = \"" + field->str() + "\" }`");
}

}  // namespace

void program(const Profile& profile, const View& view, Diagnostics& diags) {
  check_path(profile, view, profile.program.path, "program", diags);
  for (const DaemonRow& daemon : profile.daemons) check_path(profile, view, daemon.path, "daemon", diags);
  check_cwd(profile, view, diags);
}

}  // namespace immure::rules
