#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
harden = false
END

run_ok ./box -c 'cat /proc/self/mountinfo'
assert_eq "$(mount_at /proc/keys <<<"$output")" '' 'mask of /proc/keys'
if as_root; then
  # Ownership is enough to write there, even without capabilities.
  assert_mount /proc/sys proc ro
  run ./box -c 'echo x >/proc/sys/kernel/core_pattern'
  assert_contains "$errors" 'Read-only file system'
else
  assert_eq "$(mount_at /proc/sys <<<"$output")" '' 'mount at /proc/sys'
fi
