#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The filter of a sandbox around the launcher kills its init when the root changes.
name=box$$
shell_profile "$name" </dev/null
outer_sandbox <<END
[seccomp]
presets = []
[[seccomp.rule]]
syscalls = ["pivot_root"]
action = "kill-process"
[[fs]]
bind = "/box"
from = "$work/$name"
END
run ./around -c '/box -c "echo the program ran"; echo "status $?"'
assert_eq "$output" 'status 125'
assert_eq "$errors" "$name: init was killed before the program ran, by signal \`31\`"

# One that is killed with its program is 128 and the signal.
start "./$name" -c 'echo ready; sleep 1000'
started_says ready
supervisor=$pid
init=$(processes_named "$name" | grep -v -x "$supervisor")
kill -KILL "$init"
started_ends
assert_status 137
