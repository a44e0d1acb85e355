#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
echo '10000 100000' >"$group/cpu.max"
shell_profile box <<END
[process]
timeout = "2s"
[cgroup]
path = "$group"
END
run ./box -c 'while :; do :; done'
assert_status 124
throttled=$(sed -n 's/^nr_throttled //p' "$group/cpu.stat")
used=$(sed -n 's/^usage_usec //p' "$group/cpu.stat")
((throttled > 0)) || fail 'the program was never held back'
((used < 1000000)) || fail "the program used $used microseconds in 2 seconds"
