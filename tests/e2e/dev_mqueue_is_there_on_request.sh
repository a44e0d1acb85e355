#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile with <<'END'
[[fs]]
dev = "/dev"
mqueue = true
[[fs]]
proc = "/proc"
END
shell_profile without <<'END'
[[fs]]
dev = "/dev"
END

run_ok ./with -c ': >/dev/mqueue/queue; cat /proc/self/mountinfo'
assert_mount /dev/mqueue mqueue rw nosuid nodev noexec
run_ok ./without -c '[ ! -e /dev/mqueue ]'
