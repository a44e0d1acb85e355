#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/a"
[[fs]]
tmpfs = "/a/b"
[[fs]]
remount = "/a"
readonly = true
noexec = true
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'echo x >/a/b/file; cat /proc/self/mountinfo'
assert_mount /a tmpfs ro noexec nosuid nodev
assert_mount /a/b tmpfs rw '!noexec' nosuid nodev
run ./box -c ': >/a/file'
assert_contains "$errors" 'Read-only file system'
