// What the launcher's steps share: the plan, what was bound at start, and which part of the profile is being carried out.
//
// One Context is made in main.cc and passed by reference; there are no globals.
#pragma once

#include <cstddef>
#include <cstdint>

#include "initrt/uapi.h"
#include "schema/image_reader.h"

namespace initrt {

inline constexpr int kPathSize = 4096;  // PATH_MAX

/// What the kernel puts on a new process's stack. Borrowed for the life of the process.
struct Startup {
  int argc = 0;
  char** argv = nullptr;
  char** envp = nullptr;
  unsigned uid = 0, gid = 0, euid = 0, egid = 0;
  bool secure = false;                   // AT_SECURE: set-user-ID, or capabilities on the file
  unsigned long random = 0;              // AT_RANDOM: the address of 16 bytes
  const unsigned char* image = nullptr;  // the plan's segment
  std::size_t image_size = 0;
};

/// What a message says before the error: the op and its paths, where there are any.
struct Subject {
  const char* verb = nullptr;
  const char* target = nullptr;
  const char* source = nullptr;
};

/// A page that supervisor and init have in common; zeros at first. Nothing that runs inside has it: executing drops it, and init is undumpable.
struct Shared {
  volatile bool started;     // the program is about to be executed: only that tells an init that was killed too early from one that was killed with its program
  volatile bool foreground;  // of the SIGCONT that is handed on: the terminal's foreground is the program's again
  SignalSet handed_on;       // atomic: what the supervisor has sent to init and init has not taken yet. Bit N - 1: signal N
};

/// What could not be enforced or given up, for the status line.
enum Missing : int {
  kMissingNestedLimit = 1 << 0,
  kMissingScopes = 1 << 1,
  kMissingRules = 1 << 2,
  kMissingGroups = 1 << 3,     // supplementary groups that the caller may not drop
  kMissingRootSplit = 1 << 4,  // started by root without `run-as`: what root owns is the program's
};

inline constexpr unsigned kMaxKept = 256;  // descriptors that init keeps: locks of work directories, the channel, what is passed on
inline constexpr unsigned kMaxDaemons = 64;
inline constexpr unsigned kMaxOwnDevices = 256;

struct Context {
  const Startup* start = nullptr;
  wire::Reader plan;
  const char* name = "immure";
  const char* const* templates = nullptr;  // bound launch strings, by template index

  const char* const* arguments = nullptr;  // the launcher's own from argv[1] on, where init has put them

  Subject subject;
  wire::Origin origin = {};
  bool has_origin = false;
  bool trace = false;
  bool inside = false;  // this process is init or a child of it

  unsigned uid = 0, gid = 0;  // outside
  int missing = 0;            // Missing

  int root = AT_FDCWD;  // the new root: where init stands once it is attached
  unsigned caller_umask = 022;
  int supervisor = -1;  // pidfd of the supervisor, until init has checked that it lives
  Shared* shared = nullptr;
  int channel = -1;         // init's end of the channel to the supervisor, where there is one
  int terminal = -1;        // 0-2: the controlling terminal of a kept session, or -1
  bool foreground = false;  // the terminal's foreground is the launcher's to give: to the program

  int kept[kMaxKept] = {};
  unsigned kept_count = 0;

  bool guarded_sources = false;                    // the profile makes something on the host writable, so sources are opened with care
  bool untrusted_targets = false;                  // some target has to be looked up, and then may have to be made
  std::uint64_t own_devices[kMaxOwnDevices] = {};  // filesystems that this launch made: creating on them is not creating on the host
  unsigned own_device_count = 0;
  int rules = -1;  // the Landlock ruleset of path and port rules, which every child enters
  int daemons[kMaxDaemons] = {};
  unsigned daemon_count = 0;

  bool two_step_clones = false;    // this kernel has no open_tree_attr(2)
  bool clones_attached = false;    // the filesystem of scratch.h
  unsigned files_mounted = 0;      // by `file` ops; each keeps a name there
  bool covers_made = false;        // the empty file and directory that masks are clones of
  int spare_covers[2] = {-1, -1};  // a file and a directory that found no place yet

  const wire::Image& image() const { return plan.image(); }
  bool flag(wire::ImageFlag f) const { return (plan.image().flags.get() & f) != 0; }
  const char* text(const wire::Text& t) const { return plan.is_template(t) ? templates[t.off.get()] : plan.str(t); }
};

}  // namespace initrt
