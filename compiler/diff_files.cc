// What two views show at the same paths.
//
// Asked of every path that either profile makes. A change of a directory speaks for what comes with it: parts that the same entry brings are not listed again.
#include <map>
#include <set>

#include "compiler/diff.h"
#include "compiler/fs_names.h"
#include "compiler/paths.h"
#include "compiler/sight.h"

namespace immure {
namespace {

using What = Sight::What;
using Write = Sight::Write;

bool empty(const Sight& s) { return s.what == What::Nothing || s.what == What::Directory; }
bool writable(const Sight& s) { return s.write != Write::No; }
const char* perhaps(const Sight& s) { return s.write == Write::Unknown ? "perhaps " : ""; }
/// Contents that come from outside, or are the kernel's.
bool reveals(const Sight& s) { return !empty(s) && s.what != What::Tmpfs && s.what != What::File && s.what != What::Symlink; }

std::string describe(const Sight& s) {
  std::string text = word_of(s.what);
  if (!s.content.empty()) text += (s.what == What::Symlink ? " to " : " ") + s.content;
  if (s.maybe && s.what == What::Host) text += ", where the host has it";
  return text;
}

const FsEntry* entry_of(const Compared& side, const Sight& s) { return s.op < 0 ? nullptr : &side.profile.fs[static_cast<std::size_t>(s.op)]; }
Span place_of(const Compared& side, const Sight& s) {
  const FsEntry* entry = entry_of(side, s);
  return entry == nullptr ? Span{} : entry->target.span;
}

class Files {
 public:
  Files(const Compared& before, const Compared& after, const Sources& sources, std::vector<Change>& out) : before_(before), after_(after), sources_(sources), out_(out) {}

  void run() {
    std::set<Components> paths;
    for (const Compared* side : {&before_, &after_})
      for (std::uint32_t node = 0; node < side->view.nodes.size(); ++node)
        if (node == 0 || !side->view.nodes[node].implicit) paths.insert(components(side->view.path_of(node)));
    for (const Components& path : paths) compare(path);
    compare_floating();
  }

 private:
  void compare(const Components& names) {
    std::string path;
    for (const std::string& name : names) path += "/" + name;
    if (path.empty()) path = "/";
    const Sight a = look(before_, path), b = look(after_, path);
    const bool same = a.what == b.what && a.content == b.content;
    if (!same) shows_something_else(names, path, a, b);
    else if (!empty(b) || path == "/") shows_the_same(path, a, b);
  }

  /// A `dev` is one thing, whatever it is made of.
  static Sight look(const Compared& side, const std::string& path) {
    Sight seen = sight_of(side.profile, side.view, path);
    const FsEntry* entry = entry_of(side, seen);
    if (entry != nullptr && side.view.nodes[seen.node].main && std::holds_alternative<DevOp>(entry->op)) {
      seen.what = What::Device;
      seen.content = "nodes of a minimal /dev";
    }
    return seen;
  }

  void shows_something_else(const Components& names, const std::string& path, const Sight& a, const Sight& b) {
    if (empty(a) && empty(b)) return;
    if (part_of_a_reported_one(names, a, b)) return;
    const bool link = (a.what == What::Symlink || empty(a)) && (b.what == What::Symlink || empty(b));
    const std::string now = describe(b) + (writable(b) ? std::string(", ") + perhaps(b) + "writable" : "");
    if (link) return add(Effect::Changes, path, now + " instead of " + describe(a), b, a);
    const bool grows = reveals(b) || (writable(b) && !writable(a));
    if (grows) {
      // Our own cover is gone when it is an entry further up that shows itself here.
      const bool uncovered = !empty(a) && b.op >= 0 && after_.view.path_of(after_.view.mounts[b.mount].node) != path;
      add(Effect::Grants, path, (uncovered ? "no longer hidden: " : "newly visible: ") + now + (empty(a) ? "" : " instead of " + describe(a)), b, a);
    } else if (reveals(a) || writable(a)) {
      add(Effect::Takes, path, empty(b) ? "no longer visible: " + describe(a) : "now hidden: " + now + " instead of " + describe(a), b, a);
    } else {
      add(Effect::Changes, path, now + " instead of " + describe(a), b, a);
    }
  }

  void shows_the_same(const std::string& path, const Sight& a, const Sight& b) {
    if (writable(a) != writable(b)) add(writable(b) ? Effect::Grants : Effect::Takes, path, writable(b) ? std::string(perhaps(b)) + "newly writable" : "no longer writable", b, a);
    constexpr std::array<const char*, kMountFlags> kPowers{"", "execution", "set-user-ID", "device files"};
    for (std::size_t flag = kNoexec; flag < kMountFlags; ++flag)
      if (a.flags[flag] != b.flags[flag])
        add(b.flags[flag] ? Effect::Takes : Effect::Grants, path, std::string(kPowers[flag]) + (b.flags[flag] ? " no longer works" : " works now"), b, a);
    const FsEntry *old_entry = entry_of(before_, a), *new_entry = entry_of(after_, b);
    const bool own = old_entry != nullptr && new_entry != nullptr && before_.view.nodes[a.node].main && after_.view.nodes[b.node].main;
    if (own && old_entry->op.index() == new_entry->op.index() && before_.view.path_of(a.node) == path) diff_op_keys(*old_entry, *new_entry, path, sources_, out_);
  }

  /// Paths come in order, a directory before what is in it. What an entry brings along with its own target is told with that.
  bool part_of_a_reported_one(const Components& names, const Sight& a, const Sight& b) {
    const auto part = [](const Compared& side, const Sight& s) { return s.what == What::Nothing || !side.view.nodes[s.node].main; };
    if (!reported_.empty() && strictly_below(names, reported_) && (b.op == reported_op_ || b.what == What::Nothing) && (a.op == reported_old_op_ || a.what == What::Nothing) &&
        part(before_, a) && part(after_, b))
      return true;
    reported_ = names;
    reported_op_ = b.op;
    reported_old_op_ = a.op;
    return false;
  }

  /// What the view cannot place is compared as it is written: targets with launch variables, remounts of which the launch alone tells what mount they are for, and
  /// those that reach the mounts of a host's directory. A remount takes; every other entry may grant when it comes and uncover when it goes.
  void compare_floating() {
    const std::map<std::string, bool> old_ones = floating(before_), new_ones = floating(after_);
    constexpr const char* kNew = "is new, and where it stands is known at launch";
    constexpr const char* kGone = "is gone, and what it may have hidden or held back is known at launch";
    for (const auto& [entry, takes] : new_ones)
      if (!old_ones.contains(entry)) out_.push_back({takes ? Effect::Takes : Effect::Grants, "files", entry, kNew, {}});
    for (const auto& [entry, takes] : old_ones)
      if (!new_ones.contains(entry)) out_.push_back({Effect::Grants, "files", entry, kGone, {}});
  }

  /// Each as it is written, and whether it can only take.
  std::map<std::string, bool> floating(const Compared& side) const {
    std::map<std::string, bool> all;
    for (std::size_t i = 0; i < side.profile.fs.size(); ++i) {
      const FsEntry& entry = side.profile.fs[i];
      const RemountOp* remount = std::get_if<RemountOp>(&entry.op);
      const bool of_host = remount != nullptr && *remount->recursive && entry.target->literal() && sight_of(side.profile, side.view, entry.target->str()).what == What::Host;
      if (side.view.placements[i].open || of_host) all.emplace(op_in_full(entry, sources_), remount != nullptr);
    }
    return all;
  }

  void add(Effect effect, const std::string& path, std::string what, const Sight& b, const Sight& a) {
    const Span place = b.op >= 0 && b.what != What::Nothing ? place_of(after_, b) : place_of(before_, a);
    out_.push_back({effect, "files", path, std::move(what), place});
  }

  const Compared& before_;
  const Compared& after_;
  const Sources& sources_;
  std::vector<Change>& out_;
  Components reported_;
  std::int32_t reported_op_ = -1, reported_old_op_ = -1;
};

}  // namespace

void diff_files(const Compared& before, const Compared& after, const Sources& sources, std::vector<Change>& out) { Files(before, after, sources, out).run(); }

}  // namespace immure
