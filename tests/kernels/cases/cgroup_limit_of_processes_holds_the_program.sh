#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
echo 6 >"$group/pids.max"
shell_profile box <<END
[process]
linger = "0s"
[cgroup]
path = "$group"
END
# init and the shell are two.
run ./box -c 'for i in 1 2 3 4; do sleep 60 & done; echo four'
assert_status 0
assert_eq "$output" four
run ./box -c 'for i in 1 2 3 4 5; do sleep 60 & done; echo five'
[[ $status != 0 && $output == '' ]] || fail 'a fifth child was born'
assert_contains "$(<"$group/pids.events")" 'max 1'
assert_eq "$(<"$group/cgroup.procs")" '' 'processes that are left'
