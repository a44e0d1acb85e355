#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The filter of a sandbox around the launcher kills its init when the root changes.
shell_profile box </dev/null
shell_profile around <<END
[user]
uid = 1000
gid = 1000
[namespaces]
nested = true
[seccomp]
presets = []
[[seccomp.rule]]
syscalls = ["pivot_root"]
action = "kill-process"
[[fs]]
proc = "/proc"
harden = false
[[fs]]
dev = "/dev"
[[fs]]
bind = "/box"
from = "$work/box"
END
run ./around -c '/box -c "echo the program ran"; echo "status $?"'
assert_eq "$output" 'status 125'
assert_eq "$errors" 'box: init was killed before the program ran, by signal `31`'

# One that is killed with its program is 128 and the signal.
start ./box -c 'echo ready; sleep 1000'
started_says ready
supervisor=$pid
init=$(processes_named box | grep -v -x "$supervisor")
kill -KILL "$init"
started_ends
assert_status 137
