// See host_walk.h.
#include "compiler/host_walk.h"

#include <algorithm>
#include <cerrno>

#include "compiler/paths.h"

namespace immure {
namespace {

constexpr int kMaxLinks = 40;

bool has_variable(const std::string& shown) { return shown.find("${") != std::string::npos; }

void push(std::vector<std::string>& stack, const std::string& path) {
  const Components names = components(path);
  stack.insert(stack.end(), names.rbegin(), names.rend());
}

}  // namespace

bool in_the_way(const Landing& landing) {
  if (!landing.host.empty()) return landing.stat.error == 0;
  using What = Sight::What;
  return landing.sight.what == What::File || landing.sight.what == What::Symlink || landing.sight.what == What::Device;
}

bool HostWalk::made(const Landing& landing) const {
  const ViewNode& node = view_.nodes[landing.sight.node];
  const bool here = view_.path_of(landing.sight.node) == landing.path && landing.sight.node != view_.mounts[landing.sight.mount].node;
  // What is thrown away afterwards is nothing on the host.
  const std::int32_t mount = view_.mounts[landing.sight.mount].op;
  const OverlayOp* overlay = mount < 0 ? nullptr : std::get_if<OverlayOp>(&profile_.fs[static_cast<std::size_t>(mount)].op);
  const bool thrown_away = overlay != nullptr && *overlay->ephemeral;
  return here && node.op >= 0 && (thrown_away || may_create(profile_.fs[static_cast<std::size_t>(node.op)]));
}

bool HostWalk::through_etc(const Landing& landing) const {
  const ViewMount& mount = view_.mounts[landing.sight.mount];
  if (mount.op < 0 || !std::holds_alternative<EtcOp>(profile_.fs[static_cast<std::size_t>(mount.op)].op)) return false;
  const std::string from = view_.path_of(mount.node);
  if (landing.path.size() <= from.size()) return false;
  const std::size_t at = from.size() + 1;
  const ViewNode& etc = view_.nodes[view_.nodes[view_.nodes[mount.node].parent].parent];
  return etc.children.contains(landing.path.substr(at, landing.path.find('/', at) - at));
}

void HostWalk::settle_flags(Landing& landing) const {
  const ViewMount& mount = view_.mounts[landing.sight.mount];
  if (!landing.sight.may_have_more || landing.stat.mount == 0 || view_.may_have_more(landing.sight.mount, landing.path)) return;
  const std::uint64_t first = files_.look(files_.real_path(sight_of(profile_, view_, mount.node).content)).mount;
  if (first == 0) return;
  landing.sight.may_have_more = false;
  for (std::size_t flag = 0; flag < kMountFlags; ++flag)
    landing.sight.flags[flag] = final_flag(profile_, view_, landing.sight.mount, static_cast<MountFlag>(flag), first != landing.stat.mount);
  landing.sight.write = write_of(view_, landing.sight);
}

Landing HostWalk::on_host(Landing landing, std::string host) const {
  const bool mount_root = view_.path_of(view_.mounts[landing.sight.mount].node) == landing.path;
  if (mount_root) {  // a source's own links have been followed when it was opened
    const std::string real = files_.real_path(host);
    if (!real.empty()) host = real;
    landing.stat = files_.look(host);
    if (real.empty() && landing.stat.error == 0) landing.stat.error = ENOENT;  // a link that leads nowhere
  } else {
    landing.stat = files_.look(host);
  }
  landing.host = std::move(host);
  const std::int32_t op = view_.mounts[landing.sight.mount].op;
  const BindOp* bind = op < 0 ? nullptr : std::get_if<BindOp>(&profile_.fs[static_cast<std::size_t>(op)].op);
  // The launcher makes it.
  if (mount_root && landing.stat.error == ENOENT && bind != nullptr && *bind->ensure) {
    if (files_.look(landing.host).error == 0) return landing;  // through a link that leads to nothing yet
    const HostCaller caller = files_.caller();
    landing.stat = {};
    landing.stat.kind = HostStat::Kind::Directory;
    landing.stat.mode = 0700;
    landing.stat.uid = caller.uid;
    landing.stat.gid = caller.gid;
  }
  if (landing.stat.error == 0) settle_flags(landing);
  if (landing.stat.error == 0) landing.end = Landing::End::Found;
  else if ((landing.stat.error == ENOENT || landing.stat.error == ENOTDIR) && !made(landing)) landing.end = Landing::End::Missing;
  // An optional bind that was skipped: what it would have covered, or what a later entry made there, shows instead.
  if (landing.sight.maybe && landing.end == Landing::End::Missing) {
    const std::string root = view_.path_of(view_.mounts[landing.sight.mount].node);
    const std::size_t below = landing.path.size() - std::min(root.size(), landing.path.size());
    const FsEntry* own = &profile_.fs[static_cast<std::size_t>(view_.mounts[landing.sight.mount].op)];
    // What another entry binds above it, puts there, or makes on the way to its own target.
    const auto has_a_say = [&](const FsEntry& entry) {
      if (&entry == own) return false;
      if (!entry.target->literal()) return true;
      const std::string other = entry.target->str();
      return other == root || other.starts_with(root + "/") || root.starts_with(other + "/");
    };
    const bool nothing_else = view_.nodes[view_.mounts[landing.sight.mount].node].covered == 0 && std::none_of(profile_.fs.begin(), profile_.fs.end(), has_a_say);
    if (nothing_else) return landing;
    if (mount_root || files_.look(landing.host.substr(0, landing.host.size() - std::min(below, landing.host.size()))).error != 0) landing.end = Landing::End::Unknown;
  }
  return landing;
}

Landing HostWalk::in_layers(Landing landing, const OverlayOp& op) const {
  const std::string from = view_.path_of(view_.mounts[landing.sight.mount].node);
  const std::string below = landing.path.substr(std::min(from.size(), landing.path.size()));
  std::vector<Template> layers;
  if (op.upper.present) layers.push_back(*op.upper);
  for (const Placed<Template>& lower : *op.lower) layers.push_back(lower.value);
  for (const Template& layer : layers) {
    if (!layer.literal()) return landing;
    landing.stat = files_.look(layer.str() + below);
    if (landing.stat.error == 0) {
      landing.host = layer.str() + below;
      if (below.empty()) landing.stat.kind = HostStat::Kind::Directory;
      // A device in a layer can be the mark of something that was removed.
      landing.end = landing.stat.kind == HostStat::Kind::Device ? Landing::End::Unknown : Landing::End::Found;
      return landing;
    }
    if (landing.stat.error != ENOENT && landing.stat.error != ENOTDIR) return landing;
  }
  const bool readonly = landing.sight.flags[kReadonly];
  landing.end = readonly || !made(landing) ? Landing::End::Missing : Landing::End::Unknown;
  return landing;
}

Landing HostWalk::step(const std::string& path) const {
  Landing out;
  out.path = path;
  out.sight = sight_of(profile_, view_, path);
  switch (out.sight.what) {
    case Sight::What::Nothing: out.end = view_.has_floating() ? Landing::End::Unknown : Landing::End::Missing; return out;
    case Sight::What::Directory:
    case Sight::What::File:
    case Sight::What::Symlink:
    case Sight::What::Tmpfs: out.end = out.sight.maybe ? Landing::End::Unknown : Landing::End::Found; return out;
    case Sight::What::Device: out.end = Landing::End::Found; return out;
    case Sight::What::Host:
      if (has_variable(out.sight.content) || through_etc(out)) return out;
      return on_host(out, out.sight.content);  // not moved: of two arguments either may be made first
    case Sight::What::Overlay: {
      const std::int32_t op = view_.mounts[out.sight.mount].op;
      return in_layers(std::move(out), std::get<OverlayOp>(profile_.fs[static_cast<std::size_t>(op)].op));
    }
    case Sight::What::Unknown:
    case Sight::What::Proc:
    case Sight::What::Devpts:
    case Sight::What::Mqueue: return out;
  }
  return out;
}

Landing HostWalk::operator()(const std::string& path, bool follow_last) const {
  std::vector<std::string> searched;
  Landing at = follow(path, follow_last, searched);
  at.searched = std::move(searched);
  return at;
}

Landing HostWalk::follow(const std::string& path, bool follow_last, std::vector<std::string>& searched) const {
  std::vector<std::string> stack;
  push(stack, path);
  Landing at;
  at.end = Landing::End::Found;
  at.sight = sight_of(profile_, view_, std::uint32_t{0});
  int links = 0;
  std::string link;                // the last that was followed
  std::size_t own = stack.size();  // components of `path` itself; what lies above them on the stack came out of that link
  while (!stack.empty()) {
    const std::string name = std::move(stack.back());
    stack.pop_back();
    if (stack.size() < own) {
      own = stack.size();
      link.clear();
    }
    if (name == "." || name.empty()) continue;
    const bool directory = at.host.empty() ? at.sight.what == Sight::What::Directory || at.sight.what == Sight::What::Tmpfs : at.stat.kind == HostStat::Kind::Directory;
    if (!directory) {
      at.end = Landing::End::Missing;
      at.link = link;
      return at;
    }
    if (!at.host.empty()) searched.push_back(at.host);
    if (name == "..") {
      at = step(at.path.substr(0, at.path.rfind('/') == std::string::npos ? 0 : at.path.rfind('/')));
      continue;
    }
    Landing next = step(at.path + "/" + name);
    if (next.end != Landing::End::Found) {
      next.link = link;
      return next;
    }
    const bool own_link = next.sight.what == Sight::What::Symlink, host_link = !next.host.empty() && next.stat.kind == HostStat::Kind::Symlink;
    if ((!own_link && !host_link) || (stack.empty() && !follow_last)) {
      at = std::move(next);
      continue;
    }
    link = next.path;
    if (++links > kMaxLinks || (own_link && !view_.nodes[next.sight.node].link_known)) {
      next.end = links > kMaxLinks ? Landing::End::Loop : Landing::End::Unknown;
      next.link = link;
      return next;
    }
    const std::string to = own_link ? view_.nodes[next.sight.node].link.str() : next.stat.link;
    if (to.starts_with('/')) at = step("");
    push(stack, to);
  }
  if (at.path.empty()) at.path = "/";
  return at;
}

}  // namespace immure
