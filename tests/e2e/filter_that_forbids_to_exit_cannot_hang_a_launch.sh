#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The child that cannot execute the program is under the profile's filter by then, and has to end somehow.
: >program  # without permission to execute
shell_profile box <<END
[seccomp]
presets = []
[[seccomp.rule]]
syscalls = ["exit", "exit_group"]
action = "EPERM"
[[fs]]
bind = "/program"
from = "$work/program"
END
sed -i 's|^path = .*|path = "/program"|' box.toml
run_ok "$IMMURE" build box.toml -o box
run timeout 20 ./box
assert_status 126
assert_contains "$errors" 'Permission denied'
