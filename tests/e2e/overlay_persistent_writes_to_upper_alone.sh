#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir lower upper work-directory
echo old >lower/changed
echo old >lower/removed
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
upper = "$work/upper"
work = "$work/work-directory"
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /merged/changed; echo new >/merged/changed; rm /merged/removed; echo more >/merged/added; ls /merged; cat /proc/self/mountinfo'
assert_eq "$(head -n 3 <<<"$output")" $'old\nadded\nchanged'
assert_mount /merged overlay rw nosuid nodev
assert_contains "$(mount_at /merged <<<"$output")" userxattr 'options of the overlay'
assert_eq "$(cat lower/changed lower/removed)" $'old\nold' 'lower'
assert_eq "$(cat upper/changed upper/added)" $'new\nmore' 'upper'
run_ok ./box -c 'cat /merged/changed; ls /merged'
assert_eq "$output" $'new\nadded\nchanged' 'the second run'
