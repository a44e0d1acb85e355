// Placing one op in the view: where does its target lead, what stands there, what must be made on the way? And then putting it there.
//
// The half of simulate that all ops share; simulate.cc has what each op does. A target that cannot be is reported here, and the op then is left out, so that
// later ops are not blamed for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/view.h"

namespace immure {

/// What an op needs to find, or makes, at its target.
enum class Want { Directory, File, Symlink, Any };

/// Where a node goes: below `parent`, in place of `existing` (0: nothing).
struct Spot {
  std::uint32_t parent = 0;
  std::string name;
  std::uint32_t existing = 0;
  bool certain = true;
};

class Placer {
 public:
  Placer(const Profile& profile, View& view, Diagnostics& diags) : profile_(profile), view_(view), diags_(diags) {}

  /// The op that the following calls are about.
  void begin(std::int32_t op);
  std::int32_t op() const { return op_; }
  const FsEntry& entry() const { return profile_.fs[static_cast<std::size_t>(op_)]; }
  Placement& placement() { return view_.placements[static_cast<std::size_t>(op_)]; }

  /// Nothing when the target cannot be (reported), or when nobody can say where it is. `link`: the contents, for a symlink.
  std::optional<Spot> place(Want want, std::uint32_t parent_mode, const Template* link = nullptr);
  /// Notes that the target is this node, which stands there for certain unless it `maybe` does not.
  void settle(std::uint32_t node);
  /// Puts `made` there; what it covers for certain is reported as hidden.
  std::uint32_t put(const Spot& spot, ViewNode made);
  std::uint32_t add_child(std::uint32_t parent, std::string name, NodeKind kind);
  /// Makes `at` the root of a new mount of this op.
  ViewMount& mount(std::uint32_t at, ViewMount::Kind kind);

  /// Of a remount: this mount gets the flag, and none below it.
  void add_flag(ViewMount& mount, MountFlag flag) const;
  /// Of a remount: where its target is, or what mount it is for, is known at launch. Notes all that it may be for.
  void remount_open(const Walk& walk, bool recursive);
  void remount_floating();

  Diagnostic& report(Code code, std::string message) { return diags_.add(code, entry().target.span, std::move(message)); }
  /// Points at the op that made `at`, if one did.
  void blame(Diagnostic& diagnostic, std::uint32_t at, std::string text);

 private:
  std::optional<Spot> place_on(const Walk& walk, Want want, const Template* link);
  std::optional<Spot> place_new(const Walk& walk, std::uint32_t parent_mode);
  std::optional<Spot> place_unknown(const Walk& walk);
  /// The literal beginning of a target with a variable; empty: it starts with a variable, and `name` is its first literal name, or empty.
  std::string literal_beginning(std::string& name) const;
  void place_floating();
  void report_no_way(const Walk& walk);
  void report_readonly(std::uint32_t mount);
  void note_parents(std::string& path, const std::vector<std::string>& names);
  std::uint32_t make_parents(std::uint32_t at, const std::vector<std::string>& names, std::uint32_t mode, bool certain);
  void hide(std::uint32_t top);
  void report_hidden(const ViewNode& hidden);

  const Profile& profile_;
  View& view_;
  Diagnostics& diags_;
  std::int32_t op_ = -1;
  std::size_t noted_bytes_ = 0;
};

}  // namespace immure
