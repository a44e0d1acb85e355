#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
dev = "/dev"
write = true
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'echo x >/dev/new; cat /dev/new; stat -c %a /dev/shm; cat /proc/self/mountinfo'
assert_eq "$(head -n 2 <<<"$output")" $'x\n1777'
assert_mount /dev tmpfs rw nosuid nodev
assert_mount /dev/null '*' ro nosuid noexec '!nodev'
assert_mount /dev/shm tmpfs rw nosuid nodev
assert_eq "$(awk '$5 == "/dev/shm" { print $4 }' <<<"$output")" / 'the root of shm: a filesystem of its own'
