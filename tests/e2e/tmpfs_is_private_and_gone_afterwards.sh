#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/scratch"
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'ls -A /scratch; echo x >/scratch/file; cat /scratch/file; stat -c "%a %u %g" /scratch; cat /proc/self/mountinfo'
assert_eq "$(head -n 2 <<<"$output")" $'x\n'"755 $(id -u) $(id -g)" 'contents and mode'
assert_mount /scratch tmpfs rw nosuid nodev '!noexec'
run_ok ./box -c 'ls -A /scratch'
assert_eq "$output" ''
