#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/a"
[[fs]]
tmpfs = "/a/b"
[[fs]]
tmpfs = "/a/b/c"
[[fs]]
remount = "/a"
readonly = true
recursive = true
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /proc/self/mountinfo'
for target in /a /a/b /a/b/c; do
  assert_mount "$target" tmpfs ro
done
