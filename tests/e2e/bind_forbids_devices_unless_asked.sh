#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
bind = "/without"
from = "/dev/zero"
[[fs]]
bind = "/with"
from = "/dev/zero"
device = true
[[fs]]
proc = "/proc"
END

run ./box -c 'head -c 3 /without'
[[ $status != 0 ]] || fail 'the device could be read'
assert_contains "$errors" 'Permission denied'
run_ok ./box -c 'head -c 3 /with | wc -c; cat /proc/self/mountinfo'
assert_matches "$output" ^3
assert_mount /without '*' nodev
assert_mount /with '*' '!nodev' nosuid
