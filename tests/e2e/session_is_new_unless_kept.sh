#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile own <<'END'
[[fs]]
proc = "/proc"
END
shell_profile kept <<'END'
[process]
new-session = false
[[fs]]
proc = "/proc"
END
# Field 6 is the session; one that was started outside has no number inside.
session='sed "s/.*) //" /proc/self/stat | cut -d" " -f4'
run_ok ./own -c "$session"
assert_matches "$output" '^[1-9]'
run_ok ./kept -c "$session"
assert_eq "$output" 0
