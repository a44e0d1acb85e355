#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/empty"
readonly = true
mode = "0777"
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'ls -A /empty; cat /proc/self/mountinfo'
assert_mount /empty tmpfs ro
run ./box -c ': >/empty/file'
assert_contains "$errors" 'Read-only file system'
