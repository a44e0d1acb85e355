// What the program sees at one path, in one value: what stands there, whose it is, which mount it is on and whether it may be written.
//
// The view answers where a path leads; this adds what the profile says of that place. `immure view`, `immure diff` and the checks with the host's files ask it, so
// that all of them mean the same thing by "the host's" and by "writable".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/profile.h"
#include "compiler/view.h"

namespace immure {

struct Sight {
  enum class What { Nothing, Unknown, Directory, File, Symlink, Device, Host, Tmpfs, Overlay, Proc, Devpts, Mqueue };
  enum class Write {
    No,
    Yes,
    Host,    // as far as the host's permissions go
    Kernel,  // some of it, as the kernel decides
    Unknown,
  };
  What what = What::Nothing;
  Write write = Write::No;
  bool certain = true;     // false: a link of the host or a launch variable could still change it
  bool maybe = false;      // it may be missing: an optional bind
  bool implicit = false;   // a parent that was made on the way
  std::int32_t op = -1;    // index into Profile::fs; -1: the root, or nothing
  std::uint32_t node = 0;  // the deepest one on the way
  std::uint32_t mount = 0;
  std::string content;                    // of Host: the host's path; of a symlink: where it leads; of an overlay: its layers
  std::array<bool, kMountFlags> flags{};  // those that it has for certain
  bool may_have_more = false;             // a remount may have added others, or nobody can say what mount this is
};

/// Whether an entry may make its target and the way to it on the host.
bool may_create(const FsEntry& entry);
/// Of a literal path; a symlink in the last place is not followed.
Sight sight_of(const Profile& profile, const View& view, std::string_view path);
/// Of a node of the view, by its index.
Sight sight_of(const Profile& profile, const View& view, std::uint32_t index);
/// Whether the mount has the flag when the program runs: the root is sealed at the end. `inside`: of what the host has mounted below it.
bool final_flag(const Profile& profile, const View& view, std::uint32_t mount, MountFlag flag, bool inside = false);
/// What may be written there, from the flags that it has.
Sight::Write write_of(const View& view, const Sight& sight);

/// "ro nosuid nodev"; "rw nosuid, or more"
std::string flags_text(const Sight& sight);
/// "yes", "no", "host", "kernel", "unknown": for programs.
const char* word_of(Sight::Write write);
const char* word_of(Sight::What what);

}  // namespace immure
