// A kernel for unit tests: it says yes to everything, remembers what it was asked, and fails one chosen call with one chosen errno.
//
// It implements initrt/sys.h in place of sys.cc, so the launcher's own code runs unchanged, from launcher_main to the exec of the program.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fake {

/// Thrown where the real call would not return.
struct Exited {
  int status;
};
struct Executed {};

struct Call {
  std::string name;
  std::string detail;
};

/// What confines a process, as far as its own calls brought it about. A child starts with its parent's, as on a real kernel.
struct Confinement {
  bool no_new_privs = false;
  bool undumpable = false;     // init's own: execve(2) resets it in the child
  bool pivoted = false;        // the root was changed,
  bool host_detached = false;  // and then the host's tree under it detached
  std::uint64_t bounding = (std::uint64_t{1} << 41) - 1;
  std::uint64_t held = ~std::uint64_t{0};  // permitted, effective, inheritable
  std::uint64_t ambient = 0;
  std::set<unsigned> limits;
  std::vector<std::string> domains;  // of Landlock, each by what its ruleset handles: "rights ports scopes"
  int filters = 0;
};

/// A program that was executed, and as what.
struct Started {
  std::string path;
  Confinement as;
};

struct Kernel {
  // What the test sets.
  bool as_init = false;  // clone(2) returns as the child
  int fail_at = 0;       // the number of the call that fails, from 1; 0: none
  int fail_with = 0;     // its errno
  int landlock_version = 7;
  std::string behind_a_link;  // the host's path that is reached through a symbolic link
  bool before_6_15 = false;   // it has no open_tree_attr(2)
  bool without_openat2 = false;
  std::map<std::string, std::string> files;                                                        // what is read from them; others are empty
  std::string status = "Name:\tlauncher\nSigIgn:\t0000000000010000\nSigCgt:\t0000000000000000\n";  // /proc/self/status: SIGCHLD is ignored
  int signals_before_end = 0;                                                                      // how many signals the supervisor sees before SIGCHLD

  // What the launcher did.
  std::vector<Call> calls;
  std::string messages;   // written to descriptor 2
  bool executed = false;  // execve(2) of the program succeeded
  std::vector<Started> started;
  int open_descriptors = 0;

  // How it keeps its story straight.
  Confinement now;  // of the process that runs: the one that was started, and within `spawn` its child
  std::map<int, std::string> paths;
  std::set<std::string> directories;  // made, and not removed
  int next_fd = 10;                   // 5 to 7 are what the profile passes on
  int next_pid = 2;
  bool daemon_ready = false;
  bool child_waits = true;  // the one child has not been reaped yet
  alignas(8) char shared_page[16];
};

/// The kernel that the calls go to. A test makes one and points this at it.
extern Kernel* kernel;

}  // namespace fake
