#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
# Looked at until it is so, and not after a fixed time: machines differ in speed.
run_ok ./box -c '
sleeping() { grep -l -x sleep /proc/[0-9]*/comm | wc -l; }
for i in 1 2 3 4 5 6 7 8 9 10; do (sleep 5 & exec true); done
for i in $(seq 200); do [ "$(sleeping)" = 10 ] && break; done
sleeping
for i in $(seq 2000); do [ "$(sleeping)" = 0 ] && break; done
grep -h "^State:" /proc/[0-9]*/status'
assert_eq "$(head -n 1 <<<"$output")" 10 'orphans'
assert_lacks "$output" zombie
assert_eq "$(wc -l <<<"$output")" 3 'lines: the number, init, and grep in place of the shell'
