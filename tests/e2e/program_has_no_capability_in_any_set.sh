#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
run_ok ./box -c 'grep ^Cap /proc/self/status | tr -s "\t" " "; grep ^Cap /proc/1/status | tr -s "\t" " "'
sets=$'CapInh: 0000000000000000\nCapPrm: 0000000000000000\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nCapAmb: 0000000000000000'
assert_eq "$output" "$sets"$'\n'"$sets" 'capabilities of program and init'
