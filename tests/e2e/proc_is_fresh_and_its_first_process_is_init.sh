#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cd /proc && echo [0-9]*; cat /proc/1/comm; cat /proc/self/mountinfo'
assert_matches "$(head -n 1 <<<"$output")" '^1 [2-9]$' 'processes'
assert_eq "$(sed -n 2p <<<"$output")" box 'name of process 1'
assert_mount /proc proc nosuid nodev noexec
