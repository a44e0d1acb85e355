#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
shell_profile box <<END
[cgroup]
path = "$group"
[process]
linger = "0s"
[[fs]]
proc = "/proc"
END
before=$(place_of $$)
start ./box -c 'cat /proc/self/cgroup /proc/1/cgroup; echo ready; sleep 60'
started_says ready
# init, the shell and its child; the launcher itself stays where its caller is.
assert_eq "$(wc -l <"$group/cgroup.procs")" 3 'processes in the cgroup'
assert_eq "$(place_of "$pid")" "$before" 'the cgroup of the launcher'
assert_eq "$(head -n 2 "$work/started.out")" $'0::/\n0::/' 'what the program sees'
kill "$pid"
started_ends
assert_status 143
assert_eq "$(<"$group/cgroup.procs")" '' 'processes that are left'
rmdir "$group"
