#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir top middle bottom
echo top >top/a
echo middle | tee middle/a >middle/b
echo bottom | tee bottom/a bottom/b >bottom/c
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$work/top", "$work/middle", "$work/bottom"]
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /merged/a /merged/b /merged/c; cat /proc/self/mountinfo'
assert_eq "$(head -n 3 <<<"$output")" $'top\nmiddle\nbottom'
assert_mount /merged overlay ro nosuid nodev
run ./box -c ': >/merged/new'
assert_contains "$errors" 'Read-only file system'
