// See check_host.h. This file: the order of the rules, mounts and permissions.
#include "compiler/check_host.h"

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "compiler/bind_variables.h"
#include "compiler/check.h"
#include "compiler/check_host_rules.h"

namespace immure {
namespace rules {
namespace {

/// \040 and the like, as the kernel writes blanks in mountinfo.
std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool has_option(const std::string& options, const char* wanted) { return ("," + options + ",").find(std::string(",") + wanted + ",") != std::string::npos; }

/// "lowerdir=/a:/b", "lowerdir+=/a", "upperdir=/u". A colon or comma in a name is taken for a separator; then a layer is not found, and nothing is said of it.
std::vector<std::string> layers_in(const std::string& super) {
  std::vector<std::string> out;
  std::istringstream options(super);
  for (std::string option; std::getline(options, option, ',');) {
    const std::size_t equals = option.find('=');
    const std::string key = option.substr(0, equals);
    if (equals == std::string::npos || (key != "lowerdir" && key != "lowerdir+" && key != "upperdir")) continue;
    std::istringstream names(option.substr(equals + 1));
    for (std::string name; std::getline(names, name, ':');) out.push_back(unescape(name));
  }
  return out;
}

std::vector<HostMount> read_mounts(const HostFiles& files) {
  std::vector<HostMount> out;
  std::string text;
  // A file of proc has no size, and each read gives some lines.
  while (true) {
    const std::string more = files.read("/proc/self/mountinfo", text.size(), std::size_t{1} << 20);
    if (more.empty()) break;
    text += more;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string id, parent, device, root, path, options, word, type, source, super;
    words >> id >> parent >> device >> root >> path >> options;
    while (words >> word && word != "-") {
    }
    words >> type >> source >> super;
    out.push_back({id, unescape(path), type, has_option(options, "ro") || has_option(super, "ro"), {}});
    if (type == "overlay") out.back().layers = layers_in(super);
  }
  return out;
}

}  // namespace

const HostMount* HostAsk::mount_of(const std::string& real) const {
  const HostMount* best = nullptr;
  for (const HostMount& mount : mounts) {
    const bool holds = mount.path == "/" || real == mount.path || real.starts_with(mount.path + "/");
    if (holds && (best == nullptr || mount.path.size() >= best->path.size())) best = &mount;  // a later one covers
  }
  return best;
}

std::uint32_t HostAsk::bits_for(const HostStat& stat) const {
  if (stat.acl && stat.uid != caller.uid) return 7;
  const bool group = stat.gid == caller.gid || std::find(caller.groups.begin(), caller.groups.end(), stat.gid) != caller.groups.end();
  return (stat.uid == caller.uid ? stat.mode >> 6 : group ? stat.mode >> 3 : stat.mode) & 7;
}

bool HostAsk::may(const HostStat& stat, std::uint32_t want) const {
  if (stat.uid == caller.uid && stat.gid == caller.gid) return true;
  return (bits_for(stat) & want) == want;
}

HostStat HostAsk::reach(const std::string& path, std::string& real) const {
  real = files.real_path(path);
  if (real.empty()) {
    HostStat out = files.look(path);
    if (out.error == 0) out.error = ENOENT;  // a link that leads nowhere
    return out;
  }
  for (std::size_t slash = real.find('/', 1); slash != std::string::npos; slash = real.find('/', slash + 1)) {
    const HostStat above = files.look(real.substr(0, slash));
    if (above.error == 0 && may(above, 1)) continue;
    HostStat out;
    out.error = EACCES;
    return out;
  }
  return files.look(real);
}

}  // namespace rules

namespace {

/// The profile as this host makes it, its variables bound: optional binds whose source is missing are gone, the others are certain.
/// `same`: nothing of it had to be decided.
Profile without_missing(const Profile& profile, const View& view, const HostFiles& files, bool& same) {
  Profile known = profile;
  same = true;
  known.fs.clear();
  for (std::size_t i = 0; i < profile.fs.size(); ++i) {
    FsEntry entry = profile.fs[i];
    BindOp* bind = std::get_if<BindOp>(&entry.op);
    const Field<type::HostPath>* from = bind == nullptr ? nullptr : &rules::source_of(entry, *bind);
    if (bind != nullptr && *bind->optional && (*from)->literal()) {
      same = false;
      if (files.real_path((*from)->str()).empty()) {
        // The way to its target is made all the same.
        const Placement& placement = view.placements[i];
        if (placement.parents.empty()) continue;
        entry.target.value = Template{{Segment{false, placement.parents.back(), {}}}};
        DirOp way;
        way.mode.value.bits = placement.parent_mode;
        entry.op = way;
      } else {
        bind->optional.value = false;
      }
    }
    known.fs.push_back(std::move(entry));
  }
  return known;
}

}  // namespace

void check_host(const Profile& profile, const View& view, const HostFiles& files, Diagnostics& diags) {
  const bool bind = !profile.launch.variables->empty();
  Diagnostics again;
  Profile bound = bind ? bind_variables(profile, files, diags) : profile;
  // The launcher does what was planned without knowing this host.
  for (std::size_t i = 0; i < bound.fs.size(); ++i) bound.fs[i].planned = &view.placements[i];
  const View of_bound = bind ? simulate(bound, again) : view;
  bool same = true;
  const Profile known = without_missing(bound, of_bound, files, same);
  const View exact = same ? of_bound : simulate(known, again);
  if (bind) check(known, exact, again);
  else if (!same) rules::program(known, exact, again);
  // What only now is certain; the rest has been said. That an optional bind covers something where it is there may well be meant, and so may what the variables make here.
  const std::vector<Diagnostic> said = diags.sorted();
  for (const Diagnostic& d : again.sorted()) {
    const bool old = std::any_of(said.begin(), said.end(), [&](const Diagnostic& other) { return other.code == d.code && other.span == d.span; });
    if (info(d.code).cls != Class::Launch || old) continue;
    Diagnostic& added = diags.add(d.code, d.span, d.message);
    added.labels = d.labels;
    added.helps = d.helps;
  }
  const rules::HostAsk ask{known, exact, files, HostWalk(known, exact, files), files.caller(), rules::read_mounts(files), diags};
  rules::host_sources(ask);
  rules::host_links(bound, files, diags);  // a planted link is refused even where an optional bind's source is missing
  rules::host_targets(ask);
  rules::host_overlays(ask);
  rules::host_sizes(ask);
  rules::host_program(ask);
}

}  // namespace immure
