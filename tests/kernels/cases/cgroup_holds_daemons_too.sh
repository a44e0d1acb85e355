#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
shell_profile box <<END
[cgroup]
path = "$group"
[[fs]]
dev = "/dev"
[[fs]]
tmpfs = "/tmp"
[[daemon]]
path = "/bin/sh"
args = ["-c", ": >/tmp/ready; exec sleep 60"]
ready = "/tmp/ready"
timeout = "60s"  # an emulated machine may be slow
END
start ./box -c 'echo ready; exec sleep 60'
started_says ready
assert_eq "$(wc -l <"$group/cgroup.procs")" 3 'processes in the cgroup'  # init, the daemon and the program
kill "$pid"
started_ends
assert_eq "$(<"$group/cgroup.procs")" '' 'processes that are left'
