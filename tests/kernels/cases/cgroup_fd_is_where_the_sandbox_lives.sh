#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
shell_profile box <<'END'
[cgroup]
fd = 7
[process]
linger = "0s"
[[fs]]
proc = "/proc"
END
exec 7<"$group"
start ./box -c 'cat /proc/self/cgroup; ls /proc/self/fd; echo ready; sleep 60'
exec 7<&-
started_says ready
assert_eq "$(wc -l <"$group/cgroup.procs")" 3 'processes in the cgroup'
# 3 is what `ls` reads; 7, which would lead out of the view, is not there.
assert_eq "$(<"$work/started.out")" $'0::/\n0\n1\n2\n3\nready' 'what the program sees'
kill "$pid"
started_ends
assert_status 143
