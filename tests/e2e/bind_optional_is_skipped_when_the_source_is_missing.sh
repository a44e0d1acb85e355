#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir present
shell_profile box <<END
[[fs]]
bind = "/absent"
from = "$work/absent"
optional = true
[[fs]]
bind = "/present"
from = "$work/present"
optional = true
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /proc/self/mountinfo'
assert_eq "$(mount_at /absent <<<"$output")" '' 'mount at /absent'
assert_mount /present '*' ro
assert_missing absent
