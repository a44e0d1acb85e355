// Secrets made visible: keys, tokens, and sockets that amount to root. A small table, and a warning that a later entry which covers them silences.
#include <array>
#include <optional>

#include "compiler/check_rules.h"
#include "compiler/paths.h"

namespace immure::rules {
namespace {

struct Secret {
  const char* path;  // on the host, or below a home
  const char* what;
  bool wide;  // named when a directory above it is bound, too
};

constexpr std::array<Secret, 8> kOfTheHost{{
    {"/home", "everybody's files", true},
    {"/root", "root's files", true},
    {"/etc/shadow", "password hashes", false},
    {"/etc/gshadow", "password hashes", false},
    {"/run/docker.sock", "a way to be root", true},
    {"/var/run/docker.sock", "a way to be root", true},
    {"/run/podman/podman.sock", "a way to be root", true},
    {"/run/containerd/containerd.sock", "a way to be root", true},
}};
constexpr std::array<Secret, 9> kOfAHome{{
    {".ssh", "keys", true},
    {".gnupg", "keys", true},
    {".aws", "cloud credentials", true},
    {".config/gcloud", "cloud credentials", true},
    {".kube", "cluster credentials", true},
    {".docker/config.json", "registry credentials", true},
    {".netrc", "passwords", true},
    {".git-credentials", "passwords", true},
    {".local/share/keyrings", "passwords", true},
}};

/// How many components of a path are somebody's home; nothing where it is none.
std::optional<std::size_t> home_depth(const Components& path) {
  constexpr std::string_view kHome("\0HOME\0", 6);  // ${HOME}, with or without a default
  if (!path.empty() && (path[0].starts_with(kHome) || path[0] == "root")) return 1;
  if (path.size() >= 2 && path[0] == "home") return 2;
  return std::nullopt;
}

class Finder {
 public:
  Finder(const PathIndex& targets, std::int32_t index, Components source, Components target)
      : targets_(targets), index_(index), source_(std::move(source)), target_(std::move(target)) {}

  /// Names what of `secret` (a whole path) the bind shows.
  void look(const Secret& secret, const Components& path) {
    if (at_or_below(source_, path)) {
      found_.push_back({shown(source_), secret.what});
    } else if (secret.wide && strictly_below(path, source_) && !covered(path)) {
      found_.push_back({shown(path), secret.what});
    }
  }
  struct Found {
    std::string path;
    const char* what;
  };
  const std::vector<Found>& found() const { return found_; }

 private:
  /// Whether a later entry stands over it, or over a directory that it is in.
  bool covered(const Components& path) const {
    Components inside = target_;
    inside.insert(inside.end(), path.begin() + static_cast<std::ptrdiff_t>(source_.size()), path.end());
    return targets_.highest_on_the_way(inside) > index_;
  }
  static std::string shown(const Components& path) {
    std::string text;
    for (const std::string& name : path) text += is_variable(name) ? "${HOME}" : "/" + name;
    return text.empty() ? "/" : text;
  }

  const PathIndex& targets_;
  std::int32_t index_;
  Components source_, target_;
  std::vector<Found> found_;
};

/// `from`: where the source is named, which may be a default without a place.
void check_shown(const PathIndex& targets, std::int32_t index, const FsEntry& entry, const Template& source, Span from, Diagnostics& diags) {
  const Components path = components(source);
  Finder finder(targets, index, path, components(*entry.target));
  const std::optional<std::size_t> home = home_depth(path);
  for (const Secret& secret : kOfTheHost) {
    const Components whole = components(secret.path);
    if (!home || !at_or_below(path, whole)) finder.look(secret, whole);
  }
  if (home) {
    for (const Secret& secret : kOfAHome) {
      Components whole(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(*home));
      const Components below = components(secret.path);
      whole.insert(whole.end(), below.begin(), below.end());
      finder.look(secret, whole);
    }
  }
  if (finder.found().empty()) return;
  const auto& first = finder.found().front();
  const std::size_t more = finder.found().size() - 1;
  Diagnostic& d = diags.add(Code::SecretsVisible, from,
                            "the program can see `" + first.path + "` (" + first.what + ")" + (more == 0 ? "" : " and " + std::to_string(more) + " more of the kind"));
  std::string names;
  for (std::size_t i = 1; i < finder.found().size(); ++i) names += (i == 1 ? "`" : ", `") + finder.found()[i].path + "`";
  if (more != 0) d.help("the others: " + names);
  d.help("bind only what is needed, or cover them with later entries, such as an empty `tmpfs`");
}

void check_bind(const PathIndex& targets, std::int32_t index, const FsEntry& entry, const BindOp& bind, Diagnostics& diags) {
  const Field<type::HostPath>& source = source_of(entry, bind);
  // A bind over the root is an error, and all of the host writable is a warning, which say enough.
  if (is_host_root(*entry.target) || (is_host_root(*source) && *bind.write)) return;
  check_shown(targets, index, entry, *source, source.span, diags);
}

void check_root(const PathIndex& targets, std::int32_t index, const FsEntry& entry, const RootOp& root, Diagnostics& diags) {
  if (!is_host_root(*entry.target) || (is_host_root(*root.from) && *root.write)) return;  // reported already
  check_shown(targets, index, entry, *root.from, written(root.from) ? root.from.span : entry.target.span, diags);
}

}  // namespace

void secrets(const Profile& profile, Diagnostics& diags) {
  PathIndex targets;  // the last entry that covers each target
  std::int32_t index = 0;
  for (const FsEntry& entry : profile.fs) {
    const bool covers = !std::holds_alternative<DirOp>(entry.op) && !std::holds_alternative<SymlinkOp>(entry.op) && !std::holds_alternative<RemountOp>(entry.op) &&
                        !std::holds_alternative<RootOp>(entry.op);
    if (covers) targets.set(components(*entry.target), index);
    ++index;
  }
  each<RootOp>(profile, [&](std::int32_t at, const FsEntry& entry, const RootOp& root) { check_root(targets, at, entry, root, diags); });
  each<BindOp>(profile, [&](std::int32_t at, const FsEntry& entry, const BindOp& bind) { check_bind(targets, at, entry, bind, diags); });
  each<OverlayOp>(profile, [&](std::int32_t at, const FsEntry& entry, const OverlayOp& op) {
    for (const Placed<Template>& lower : *op.lower) check_shown(targets, at, entry, lower.value, lower.span, diags);
    if (op.upper.present) check_shown(targets, at, entry, *op.upper, op.upper.span, diags);
  });
}

}  // namespace immure::rules
