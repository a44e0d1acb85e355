#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
write = true
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'echo inside >/data/file; cat /proc/self/mountinfo'
assert_eq "$(<source/file)" inside
assert_eq "$(stat -c '%u %g' source/file)" "$(id -u) $(id -g)" 'owner'
assert_mount /data '*' rw nosuid nodev
