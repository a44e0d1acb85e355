// The view: the filesystem as the program will see it, computed by running the ops on a model (DESIGN 4.1).
//
// A tree of nodes. Every node knows what it is (or that this hangs on the host), which op put it there, and which mount it is on. Checks, lowering (where
// is a parent missing, whose directory is this?), `view` and `diff` all ask this one model, and it looks at nothing but the profile.
//
// Its answers are three-valued. Two things make an answer Unknown:
//   * contents that are not ours: below a bind, an overlay or a proc anything may stand, links to anywhere too (ViewNode::opaque);
//   * targets with launch variables, which can land anywhere below their literal beginning. `/home/${USER}` makes /home opaque. What starts with a variable could
//     land anywhere, but always has its own first whole literal name in it: `${HOME}/notebook` reaches only paths with a component `notebook` (`floating`).
//
// Nodes live in one vector and name one another by index: no recursion, so no profile is deep enough to exhaust the stack. A parent always stands before its children.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag.h"
#include "compiler/profile.h"

namespace immure {

enum class NodeKind { Directory, File, Symlink, Device, Unknown };

/// The flags that a remount may add, as indexes.
enum MountFlag : std::size_t { kReadonly, kNoexec, kNosuid, kNodev, kMountFlags };

/// One mount of the view. Mount 0 is the root tmpfs.
struct ViewMount {
  enum class Kind { Root, Host, Tmpfs, Overlay, Proc, Devpts, Mqueue, File };
  Kind kind = Kind::Root;
  std::int32_t op = -1;    // index into Profile::fs; -1: the root
  std::uint32_t node = 0;  // its root
  static constexpr std::int32_t kUnset = -2;
  std::array<std::int32_t, kMountFlags> flags{kUnset, kUnset, kUnset, kUnset};  // which op set it: this mount's own, or a remount
  std::array<bool, kMountFlags> alone{};  // a remount that is not recursive set it: what the host has mounted below a bind does not have it from there
  void set(MountFlag flag, bool wanted = true) { flags[flag] = wanted ? op : kUnset; }
};

struct ViewNode {
  NodeKind kind = NodeKind::Directory;
  std::int32_t op = -1;      // who made it; -1: the root
  std::uint32_t mount = 0;   // index into View::mounts
  std::uint32_t parent = 0;  // the root is its own
  std::uint32_t mode = 0;    // permission bits, of what we make ourselves
  bool mode_known = true;    // false: a target with a variable may have made it before, with another mode
  bool main = false;         // the op's own target, not a parent or a part of it
  bool implicit = false;     // a parent that was made on the way
  bool opaque = false;       // more may stand below it than its children, and they may stand elsewhere
  bool certain = true;       // it is here, wherever the host's links lead
  bool maybe = false;        // it may be missing: an optional bind; of an optional proc, whose directory is made all the same, only the mount
  std::string name;          // in its parent
  Template link;             // contents of a symlink
  bool link_known = false;   // they are literal
  std::map<std::string, std::uint32_t, std::less<>> children;
  std::uint32_t covered = 0;                                     // what shows when this one is skipped; 0: nothing
  std::array<std::int32_t, kMountFlags> sealed{-1, -1, -1, -1};  // the last op that set the flag on this mount and all below it
  bool links = false;                                            // a `symlink` has put one below it
};

/// What simulate found out for one op, for lowering.
struct Placement {
  enum class Target { Missing, Directory, File, Symlink, Unknown } before = Target::Unknown;  // what was there
  bool trusted = false;              // every parent is a directory of this plan's own, so that no symlink can be met on the way
  std::string path;                  // the target with our own symlinks followed; empty: as it is written
  std::vector<std::string> parents;  // those that have to be made first, outermost first; no link can be met on the way to them
  std::uint32_t parent_mode = 0755;  // theirs
  bool on_sealed_root = false;       // the target lies on the root tmpfs, which ends up read-only
  bool open = false;                 // where the target is, or of a remount what mount it is for, is known at launch
  /// Certainly nothing there, and no link on the way.
  bool missing() const { return trusted && before == Target::Missing; }
  /// A new file here needs no mount of its own to be read-only.
  bool in_place() const { return missing() && on_sealed_root; }
};

/// Where a path leads.
struct Walk {
  enum class End {
    Found,         // `node` stands there for certain
    Missing,       // certainly nothing; `node` is the deepest directory on the way
    NotDirectory,  // `node` is no directory, yet more of the path follows
    Dangling,      // `link` leads nowhere
    Loop,          // `link` goes round in circles
    Unknown,       // hangs on the host or on a variable; `node` and `rest` say where it is if no link of the host interferes
  };
  End end = End::Found;
  std::uint32_t node = 0;
  std::uint32_t link = 0;         // the last symlink that was followed; 0: none
  std::vector<std::string> rest;  // components below `node`
  bool lost = false;              // Unknown, and not even `node` means anything
  bool absent() const { return end != End::Found && end != End::Unknown; }
};

/// Remounts of which the launch tells what mount they are for. They reach mounts of earlier entries, so each is noted with its index; of two that reach as far the later one.
struct OpenRemounts {
  using Last = std::map<std::string, std::int32_t, std::less<>>;
  Last at;                         // for the mount at this path, or what the host has there
  Last below;                      // for one at or below this path; "": for any
  Last named;                      // for one with this name in its path, though not as the first
  std::int32_t through_link = -1;  // for any, should a link of the host or of a variable's target stand on the way
};

struct View {
  std::vector<ViewNode> nodes;  // [0] is the root
  std::vector<ViewMount> mounts;
  std::vector<Placement> placements;            // one per entry of Profile::fs
  std::set<std::string, std::less<>> floating;  // names that a target which starts with a variable has in it
  bool anywhere = false;                        // a target has no such name: it could be any path
  OpenRemounts open_remounts;

  /// Walks a literal path as the kernel does; a symlink in the last place only when `follow_last`.
  Walk walk(std::string_view path, bool follow_last) const;
  /// Whether some target could be any directory at all, or a parent of such.
  bool has_floating() const { return anywhere || !floating.empty(); }
  std::string path_of(std::uint32_t node) const;
  /// The op that gave a mount this flag: its own, or a remount of it or, recursive, above it. ViewMount::kUnset: it does not have it.
  /// `inside`: of what the host has mounted below it.
  std::int32_t flag_from(std::uint32_t mount, MountFlag flag, bool inside = false) const;
  /// Whether an open remount may have given more flags to what shows this mount's contents at `path`, in which no link is met.
  bool may_have_more(std::uint32_t mount, std::string_view path) const;
  bool has_flag(std::uint32_t mount, MountFlag flag) const { return flag_from(mount, flag) != ViewMount::kUnset; }
};

/// Runs the ops over the model and reports what cannot work or cannot be meant.
View simulate(const Profile& profile, Diagnostics& diags);

}  // namespace immure
