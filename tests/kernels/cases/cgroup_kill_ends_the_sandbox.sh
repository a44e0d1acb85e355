#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
shell_profile box <<END
[cgroup]
path = "$group"
END
start ./box -c 'echo ready; sleep 60'
started_says ready
echo 1 >"$group/cgroup.kill"
started_ends
assert_status 137
assert_eq "$(<"$group/cgroup.procs")" '' 'processes that are left'
