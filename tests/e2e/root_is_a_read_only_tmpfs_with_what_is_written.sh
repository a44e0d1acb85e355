#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'ls -A /; cat /proc/self/mountinfo'
assert_eq "$(head -n 6 <<<"$output")" $'bin\nlib\nlib64\nproc\nsbin\nusr'
assert_mount / tmpfs ro nosuid nodev
run ./box -c 'mkdir /new'
assert_contains "$errors" 'Read-only file system'
