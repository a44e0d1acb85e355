// Sources and targets of entries, and sizes, against this host's files.
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "compiler/check_host_rules.h"
#include "compiler/fs_names.h"
#include "compiler/paths.h"

namespace immure::rules {
namespace {

std::string quoted(const std::string& path) { return "`" + path + "`"; }

void check_source(const HostAsk& ask, std::int32_t index, const FsEntry& entry, const BindOp& op) {
  const Field<type::HostPath>& from = source_of(entry, op);
  if (!from->literal()) return;
  std::string real;
  const HostStat stat = ask.reach(from->str(), real);
  if (stat.error != 0) {
    const bool missing = stat.error == ENOENT || stat.error == ENOTDIR;
    if (missing && (*op.optional || *op.ensure)) return;
    Diagnostic& d = ask.diags.add(Code::HostSourceMissing, from.span, "this host gives no " + quoted(from->str()) + ": " + std::strerror(stat.error));
    if (missing) d.help("say `optional = true` to go on without, or `ensure = true` to make a directory");
    return;
  }
  const bool directory = stat.kind == HostStat::Kind::Directory;
  const Placement::Target before = ask.view.placements[static_cast<std::size_t>(index)].before;
  const bool clash = (before == Placement::Target::Directory && !directory) || (before == Placement::Target::File && directory);
  if (clash)
    ask.diags
        .add(Code::HostSourceKind, from.span,
             quoted(from->str()) + " is " + (directory ? "a directory" : "no directory") + " on this host, the target " + quoted(entry.target->shown()) + " is " +
                 (directory ? "a file" : "a directory"))
        .label(entry.target.span, "a directory is mounted over a directory, a file over a file");
}

/// What an entry has to find at its target, where it cannot make it.
struct Wanted {
  const HostAsk& ask;
  const FsEntry& entry;
  std::optional<bool> operator()(const BindOp& op) const {  // directory?
    const Field<type::HostPath>& from = source_of(entry, op);
    if (!from->literal()) return std::nullopt;
    std::string real;
    const HostStat stat = ask.reach(from->str(), real);
    if (stat.error == ENOENT && *op.ensure) return true;
    if (stat.error != 0) return std::nullopt;
    return stat.kind == HostStat::Kind::Directory;
  }
  std::optional<bool> operator()(const FileOp&) const { return false; }
  template <class Op>
  std::optional<bool> operator()(const Op&) const {
    return true;
  }
};

/// An optional bind whose source this host has not, or nobody knows.
bool may_be_skipped(const HostAsk& ask, const FsEntry& entry) {
  const BindOp* bind = std::get_if<BindOp>(&entry.op);
  return bind != nullptr && *bind->optional && !Wanted{ask, entry}(*bind);
}

/// A target below a mount that is the kernel's own or of read-only layers: it must be there.
void check_closed(const HostAsk& ask, const FsEntry& entry, const Landing& at) {
  const std::string mount = ask.view.path_of(ask.view.mounts[at.sight.mount].node);
  bool missing = at.end == Landing::End::Missing;
  if (at.sight.what == Sight::What::Proc) missing = ask.files.look("/proc" + at.path.substr(std::min(mount.size(), at.path.size()))).error == ENOENT;
  if (!missing) return;
  ask.diags
      .add(Code::HostTargetMissing, entry.target.span, quoted(entry.target->str()) + " cannot be made: there is no " + quoted(at.path) + " in what is mounted at " + quoted(mount))
      .help("put the entry elsewhere");
}

/// A link is only made where nothing is; with `create`, the same link may be there.
void check_link(const HostAsk& ask, const FsEntry& entry, const SymlinkOp& op, const std::string& host, const HostStat& there) {
  const bool same = there.kind == HostStat::Kind::Symlink && may_create(entry) && (!op.to->literal() || *op.dereference || there.link == op.to->str());
  if (there.error != 0 || same) return;
  ask.diags.add(Code::HostSourceKind, entry.target.span, "this host has a " + quoted(host) + ", so no link can be made at " + quoted(entry.target->str()))
      .help("put the link elsewhere, or leave it out");
}

/// A link on the way to the target, or at it, that leads to something which is not there inside: nothing can be made through it, and nothing over it.
bool check_broken_link(const HostAsk& ask, std::int32_t index, const FsEntry& entry) {
  if (!entry.target->literal() || may_be_skipped(ask, entry)) return false;
  const std::string target = entry.target->str();
  const bool follow_last = !std::holds_alternative<SymlinkOp>(entry.op);
  const Landing at = ask.walk(target, follow_last);
  const bool loop = at.end == Landing::End::Loop;
  if ((!loop && at.end != Landing::End::Missing) || at.link.empty()) return false;
  const Walk alone = ask.view.walk(target, follow_last);
  if (alone.absent() && alone.end != Walk::End::Missing) return false;  // the text says so already
  const Sight link = sight_of(ask.profile, ask.view, at.link);
  if (ask.view.mounts[link.mount].op >= index || ask.view.mounts[at.sight.mount].op >= index) return false;
  const bool own = link.what == Sight::What::Symlink;
  const std::string subject = at.link == target ? "it" : quoted(at.link);
  const std::string which = subject + " is a symbolic link " + (own ? "of this profile" : "on this host");
  const std::string there = own && !at.host.empty() ? "on this host " + quoted(at.host) : "inside " + quoted(at.path);
  const std::string none = own && !at.host.empty() ? "this host has no " + quoted(at.host) : "inside there is no " + quoted(at.path);
  Diagnostic& d =
      ask.diags.add(Code::TargetThroughBrokenLink, entry.target.span,
                    quoted(target) + " cannot be reached: " + which + (loop ? " and leads round in circles" : ", and " + (in_the_way(at) ? there + " is no directory" : none)));
  if (own && link.op >= 0) d.label(ask.profile.fs[static_cast<std::size_t>(link.op)].target.span, "the link is made here");
  if (loop) return true;
  d.help(own && !at.host.empty() ? "make that on the host first, or give the place itself as the target"
         : own                   ? "put what it leads to before this entry, or give the place itself as the target"
                                 : "a link of the host leads to what the sandbox has there; give the place itself as the target");
  return true;
}

/// A filesystem of our own is mounted by an init that stands in the directory it goes over, which takes search permission (initrt/mounts.cc).
bool check_entered(const HostAsk& ask, const FsEntry& entry, const std::string& host) {
  const bool enters = std::holds_alternative<TmpfsOp>(entry.op) || std::holds_alternative<ProcOp>(entry.op) || std::holds_alternative<DevOp>(entry.op);
  if (!enters) return true;
  const HostStat stat = ask.files.look(host);
  if (stat.error != 0 || stat.kind != HostStat::Kind::Directory || ask.may(stat, 1)) return true;
  ask.diags
      .add(Code::HostTargetMissing, entry.target.span,
           "the `" + std::string(op_key(entry.op)) + "` cannot go over this host's " + quoted(host) + ": who starts the launcher may not search it")
      .help("leave out what shows that directory here, or put this entry elsewhere");
  return false;
}

void would_be_made(const HostAsk& ask, const FsEntry& entry, const std::string& host) {
  ask.diags.add(Code::HostTargetMissing, entry.target.span, quoted(entry.target->str()) + " would have to be made on this host, as " + quoted(host))
      .help("make it there first, or say `create = true`");
}

/// Whether what the entry mounts may go over this file of the host.
void check_over(const HostAsk& ask, const FsEntry& entry, const std::string& host, const HostStat& there) {
  const std::optional<bool> directory = std::visit(Wanted{ask, entry}, entry.op);
  if (there.error != 0 || there.kind == HostStat::Kind::Symlink || !directory || !check_entered(ask, entry, host)) return;
  if ((there.kind == HostStat::Kind::Directory) != *directory)
    ask.diags.add(Code::HostSourceKind, entry.target.span,
                  quoted(host) + " is " + (*directory ? "no directory" : "a directory") + " on this host, so the `" + op_key(entry.op) + "` cannot go there");
}

void check_in_bind(const HostAsk& ask, const FsEntry& entry, const Landing& parent, const std::string& name) {
  const std::string target = entry.target->str();
  if (may_be_skipped(ask, entry)) return;
  if (std::holds_alternative<EtcOp>(entry.op) && ask.walk(target).sight.what == Sight::What::Host) {
    ask.diags.add(Code::EtcTarget, entry.target.span, quoted(target) + " is, or would be, a directory of the host, so no links can be made in it")
        .help("mount over single entries there instead");
    return;
  }
  const std::string host = parent.host + (parent.end == Landing::End::Missing ? "" : name);
  const HostStat there = parent.end == Landing::End::Missing ? parent.stat : ask.files.look(host);
  if (there.error == ENOENT) {
    if (parent.sight.flags[kReadonly]) {
      ask.diags.add(Code::HostTargetMissing, entry.target.span, quoted(target) + " cannot be made: this host has no " + quoted(host) + ", and it is read-only inside")
          .help("make it on the host first, or put the entry elsewhere");
    } else if (!may_create(entry)) {
      would_be_made(ask, entry, host);
    }
    return;
  }
  const bool file_on_the_way = there.error == ENOTDIR || parent.stat.kind != HostStat::Kind::Directory;
  if (file_on_the_way) {
    ask.diags.add(Code::HostTargetMissing, entry.target.span, quoted(target) + " cannot be made: " + quoted(parent.host) + " is no directory on this host");
    return;
  }
  if (const SymlinkOp* link = std::get_if<SymlinkOp>(&entry.op)) return check_link(ask, entry, *link, host, there);
  check_over(ask, entry, host, there);
}

/// An optional bind whose source is there, at a place that does not exist on a read-only mount of ours. The view alone cannot know the first.
void check_optional(const HostAsk& ask, std::int32_t index, const FsEntry& entry, const Landing& parent) {
  const BindOp* bind = std::get_if<BindOp>(&entry.op);
  if (bind == nullptr || !*bind->optional || parent.end != Landing::End::Found || !Wanted{ask, entry}(*bind)) return;
  const std::int32_t from = ask.view.flag_from(parent.sight.mount, kReadonly);
  if (from == ViewMount::kUnset || from >= index || sight_of(ask.profile, ask.view, entry.target->str()).what != Sight::What::Nothing) return;
  ask.diags.add(Code::TargetOnReadonly, entry.target.span, quoted(entry.target->str()) + " cannot be made: it is on a read-only mount that does not have it")
      .label(ask.profile.fs[static_cast<std::size_t>(from)].target.span, "read-only by this")
      .help("this host has the source, so the bind is not skipped");
}

void check_remount(const HostAsk& ask, std::int32_t index, const FsEntry& entry) {
  if (!entry.target->literal()) return;
  const Landing at = ask.walk(entry.target->str());
  const ViewMount& mount = ask.view.mounts[at.sight.mount];
  if (at.sight.what == Sight::What::Proc && mount.op < index) {
    const std::string target = entry.target->str(), proc = ask.view.path_of(mount.node);
    if (!target.starts_with(proc + "/") || ask.files.look("/proc" + target.substr(proc.size())).error != ENOENT) return;
    ask.diags.add(Code::RemountNoMount, entry.target.span,
                  quoted(target) + " is not a mount, so there is nothing to add flags to: what is mounted at " + quoted(proc) + " has no such name");
    return;
  }
  const bool host = at.sight.what == Sight::What::Host, overlay = at.sight.what == Sight::What::Overlay;
  if ((!host && !overlay) || mount.op >= index || at.end == Landing::End::Unknown || at.end == Landing::End::Loop) return;
  // An overlay shows none of the mounts below its layers.
  const bool of_host = host && std::any_of(ask.mounts.begin(), ask.mounts.end(), [&](const HostMount& m) { return m.path == at.host; });
  const std::string root = ask.view.path_of(mount.node);
  if (at.end != Landing::End::Missing && (of_host || root == at.path)) return;
  const std::string target = quoted(entry.target->str());
  const char* nothing = ", so there is nothing to add flags to";
  if (overlay)
    ask.diags
        .add(Code::RemountNoMount, entry.target.span, target + " is not a mount" + nothing + ": the overlay at " + quoted(root) + " shows nothing that is mounted below its layers")
        .help("`{ remount = \"" + root + "\" … }` is for the whole overlay; for this part alone, bind it here first");
  else
    ask.diags.add(Code::RemountNoMount, entry.target.span, target + " is not a mount on this host" + nothing)
        .help("`{ remount = \"" + root + "\" … }` is for the mount that it is on; for this part alone, bind it here first");
}

/// What stands at `/` when `root` comes, and the host has too.
void check_root(const HostAsk& ask, const FsEntry& entry, const RootOp& op) {
  if (!op.from->literal()) return;
  const std::string from = op.from->str() == "/" ? "" : op.from->str();
  ask.diags.remove([&](const Diagnostic& d) { return d.code == Code::EntryBeforeRoot && d.span == entry.target.span; });  // the text could only suppose
  for (const auto& [name, child] : ask.view.nodes[0].children) {
    const ViewNode& there = ask.view.nodes[child];
    if (root_leaves_out(name) || !there.certain || there.maybe || ask.files.look(from + "/" + name).error != 0) continue;
    ask.diags.add(Code::EntryBeforeRoot, entry.target.span, "`/" + name + "` is there already when `root` is to fill `/`, and this host has " + quoted(from + "/" + name))
        .help("move what makes it after the `root`");
  }
}

/// A target below an overlay: nothing can be made in one that is read-only or, unless the profile says so, in an upper of the host; and no link where a layer has something.
/// What such an upper hides is not looked for.
void check_in_overlay(const HostAsk& ask, const FsEntry& entry, const Landing& parent, const std::string& name) {
  const OverlayOp& op = std::get<OverlayOp>(ask.profile.fs[static_cast<std::size_t>(ask.view.mounts[parent.sight.mount].op)].op);
  const std::size_t mount = ask.view.path_of(ask.view.mounts[parent.sight.mount].node).size();
  Landing at = parent;
  if (parent.end == Landing::End::Found && !parent.host.empty()) {
    at.path = parent.path + name;
    at.end = Landing::End::Missing;
    const std::string below = at.path.substr(mount);
    const SymlinkOp* link = std::get_if<SymlinkOp>(&entry.op);
    std::vector<Template> layers;
    if (op.upper.present) layers.push_back(*op.upper);
    for (const Placed<Template>& lower : *op.lower) layers.push_back(lower.value);
    bool topmost = true;
    for (const Template& layer : layers) {
      const std::string host = layer.literal() ? layer.str() + below : "";
      const HostStat there = host.empty() ? HostStat() : ask.files.look(host);
      if (there.error == ENOENT) continue;
      at.end = Landing::End::Found;
      if (std::exchange(topmost, false) && !host.empty() && !may_be_skipped(ask, entry)) {
        if (link == nullptr) check_over(ask, entry, host, there);
        else if (!op.upper.present) return check_link(ask, entry, *link, host, there);
      }
    }
  }
  if (parent.sight.flags[kReadonly]) return check_closed(ask, entry, at);
  if (at.end != Landing::End::Missing || !op.upper.present || !op.upper->literal() || may_create(entry) || may_be_skipped(ask, entry)) return;
  would_be_made(ask, entry, op.upper->str() + at.path.substr(mount));
}

/// Directories of this host are searched by init, whose capabilities are over the caller's own files alone.
bool check_closed_way(const HostAsk& ask, const FsEntry& entry, const Landing& parent) {
  if (may_be_skipped(ask, entry)) return false;
  std::vector<std::string> searched = parent.searched;
  if (parent.end == Landing::End::Found && !parent.host.empty()) searched.push_back(parent.host);
  for (const std::string& directory : searched) {
    const HostStat stat = ask.files.look(directory);
    if (stat.error != 0 || stat.kind != HostStat::Kind::Directory || ask.may(stat, 1)) continue;
    ask.diags.add(Code::HostTargetMissing, entry.target.span,
                  quoted(entry.target->str()) + " cannot be reached: this host's " + quoted(directory) + " may not be searched by who starts the launcher");
    return true;
  }
  return false;
}

void check_target(const HostAsk& ask, std::int32_t index, const FsEntry& entry) {
  if (check_broken_link(ask, index, entry)) return;
  if (const RootOp* root = std::get_if<RootOp>(&entry.op)) return check_root(ask, entry, *root);
  if (!entry.target->literal()) return;
  const std::string target = entry.target->str();
  const std::size_t slash = target.rfind('/');
  const Landing parent = ask.walk(slash == 0 ? "/" : target.substr(0, slash));
  const bool later = ask.view.mounts[parent.sight.mount].op >= index;  // so this entry had something else to stand in
  if (!later && check_closed_way(ask, entry, parent)) return;
  if (std::holds_alternative<RemountOp>(entry.op)) return check_remount(ask, index, entry);
  if (later) return;
  using What = Sight::What;
  if (parent.host.empty()) check_optional(ask, index, entry, parent);
  if (parent.sight.what == What::Proc) {
    Landing at = parent;
    if (target.starts_with(parent.path + "/")) at.path = target;
    check_closed(ask, entry, at);
  } else if (parent.sight.what == What::Overlay) {
    check_in_overlay(ask, entry, parent, target.substr(slash));
  } else if (parent.sight.what == What::Host && !parent.host.empty() && parent.end != Landing::End::Unknown && parent.end != Landing::End::Loop) {
    check_in_bind(ask, entry, parent, target.substr(slash));
  }
}

/// A file over the directory of an earlier bind at the same place, or the other way round.
void check_over_bind(const HostAsk& ask, const FsEntry& earlier, const FsEntry& entry, bool by_name) {
  const auto& from = source_of(earlier, std::get<BindOp>(earlier.op));
  if (!by_name && from.present && from->literal() && !check_entered(ask, entry, ask.files.real_path(from->str()))) return;
  const std::optional<bool> there = Wanted{ask, earlier}(std::get<BindOp>(earlier.op)), wanted = std::visit(Wanted{ask, entry}, entry.op);
  if (!there || !wanted || *there == *wanted || std::holds_alternative<SymlinkOp>(entry.op) || std::holds_alternative<RemountOp>(entry.op)) return;
  ask.diags.add(Code::HostSourceKind, entry.target.span, "the `" + std::string(op_key(entry.op)) + "` cannot go over " + (*there ? "a directory" : "a file") + " of this host")
      .label(earlier.target.span, "which this puts there");
}

/// A link below a directory that the program may write could have been planted by it, so init follows none there.
void check_links(const HostFiles& files, Diagnostics& diags, const std::vector<std::string>& writable, const Field<type::HostPath>& field) {
  if (!field.present || !field->literal()) return;
  const std::string path = field->str() + "/";
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string upto = path.substr(0, slash), above = upto.substr(0, upto.rfind('/'));
    if (files.look(upto).kind != HostStat::Kind::Symlink) continue;
    const std::string real = files.real_path(above.empty() ? "/" : above);
    for (const std::string& directory : writable) {
      if (real != directory && !real.starts_with(directory + "/")) continue;
      diags.add(Code::HostLinkPlanted, field.span, "`" + upto + "` is a symbolic link on this host, below `" + directory + "`, which the program may write")
          .help("the program could have planted it; name what it leads to");
      return;
    }
  }
}

std::uint64_t memory(const HostFiles& files) {
  const std::string text = files.read("/proc/meminfo", 0, 4096);
  const std::size_t at = text.find("MemTotal:");
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + 9, nullptr, 10) * 1024;
}

}  // namespace

void host_sources(const HostAsk& ask) {
  each<BindOp>(ask.profile, [&](std::int32_t index, const FsEntry& entry, const BindOp& op) { check_source(ask, index, entry, op); });
}

void host_links(const Profile& profile, const HostFiles& files, Diagnostics& diags) {
  std::vector<std::string> writable;
  const auto add = [&](const Field<type::HostPath>& field) {
    if (!field.present || !field->literal()) return;
    if (std::string real = files.real_path(field->str()); !real.empty() && real != "/") writable.push_back(std::move(real));
  };
  each<BindOp>(profile, [&](std::int32_t, const FsEntry& entry, const BindOp& op) {
    if (*op.write) add(source_of(entry, op));
  });
  each<OverlayOp>(profile, [&](std::int32_t, const FsEntry&, const OverlayOp& op) {
    add(op.upper);
    add(op.work);
  });
  if (writable.empty()) return;
  each<BindOp>(profile, [&](std::int32_t, const FsEntry& entry, const BindOp& op) { check_links(files, diags, writable, source_of(entry, op)); });
}

void host_targets(const HostAsk& ask) {
  constexpr std::size_t kFew = 256;  // above, the finished view stands for that of every step
  const bool small = ask.profile.fs.size() <= kFew;
  Profile before_this = ask.profile;
  before_this.fs.clear();
  std::map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < ask.profile.fs.size(); ++i) {
    const FsEntry& entry = ask.profile.fs[i];
    if (small) {
      // What stood there when this entry ran, not what a later one put over it.
      Diagnostics unused;
      const View view = simulate(before_this, unused);
      const HostAsk then{before_this, view, ask.files, HostWalk(before_this, view, ask.files), ask.caller, ask.mounts, ask.diags};
      check_target(then, static_cast<std::int32_t>(i), entry);
      before_this.fs.push_back(entry);
    } else {
      check_target(ask, static_cast<std::int32_t>(i), entry);
    }
    if (std::holds_alternative<RemountOp>(entry.op)) continue;
    const std::string& path = ask.view.placements[i].path;
    if (path.empty()) continue;
    if (const auto before = last.find(path); before != last.end() && std::holds_alternative<BindOp>(ask.profile.fs[before->second].op))
      check_over_bind(ask, ask.profile.fs[before->second], entry, entry.planned->trusted);
    last[path] = i;
  }
}

void host_sizes(const HostAsk& ask) {
  const std::uint64_t ram = memory(ask.files);
  if (ram == 0) return;
  const auto check = [&](const Field<type::Size>& size) {
    if (!written(size)) return;
    if (size->percent || size->number <= ram) return;  // more than all of it needs no look at the host
    ask.diags.add(Code::SizeAboveRam, size.span, "the size is above the memory of this host, " + std::to_string(ram >> 20) + " MiB")
        .help("a tmpfs that is filled takes memory from everything else; bound it well below");
  };
  check(ask.profile.root.size);
  each<TmpfsOp>(ask.profile, [&](std::int32_t, const FsEntry&, const TmpfsOp& op) { check(op.size); });
}

}  // namespace immure::rules
