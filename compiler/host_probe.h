// What this kernel, for this caller, lets a launcher do: tried, not guessed.
//
// The launcher's own steps are made in a child process with namespaces of its own and are gone with it; nothing of the host is changed. Only
// where a step is refused are the places looked at that may have refused it (command_doctor.cc).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace immure {

/// 0: it worked; kNotTried: something before it failed; otherwise the errno.
inline constexpr int kNotTried = -1;

struct HostProbe {
  int user_namespace = kNotTried;
  int other_namespaces = kNotTried;  // mount, pid, ipc, uts, cgroup, network, inside the user namespace
  int id_maps = kNotTried;
  int nested_limit = kNotTried;  // the limit of nested user namespaces can be written
  int tmpfs = kNotTried;
  int proc = kNotTried;  // a fresh one
  int overlay = kNotTried;
  int overlay_descriptors = kNotTried;  // layers by descriptor
  int pivot = kNotTried;
  int landlock_abi = 0;     // 0: none
  int seccomp = kNotTried;  // a filter can end the process
};

HostProbe probe_host();

}  // namespace immure
