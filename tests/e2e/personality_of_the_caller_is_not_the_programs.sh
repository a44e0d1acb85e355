#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
run_ok setarch --addr-no-randomize cat /proc/self/personality
assert_eq "$output" 00040000 'what the caller has'
run_ok setarch --addr-no-randomize ./box -c 'cat /proc/self/personality'
assert_eq "$output" 00000000
