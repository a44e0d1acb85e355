#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
run_ok ./box -c '
for i in 1 2 3 4 5 6 7 8 9 10; do (sleep 1 & exec true); done
sleep 0.3
grep -l -x sleep /proc/[0-9]*/comm | wc -l
sleep 1.2
grep -h "^State:" /proc/[0-9]*/status'
assert_eq "$(head -n 1 <<<"$output")" 10 'orphans'
assert_lacks "$output" zombie
assert_eq "$(wc -l <<<"$output")" 3 'lines: the number, init, and grep in place of the shell'
