#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
shell_profile unfiltered <<'END'
[seccomp]
enabled = false
[[fs]]
proc = "/proc"
END
look='for process in self 1; do grep -E "^(NoNewPrivs|Seccomp):" /proc/$process/status | tr "\t" " "; done'
run_ok ./box -c "$look"
assert_eq "$output" $'NoNewPrivs: 1\nSeccomp: 2\nNoNewPrivs: 1\nSeccomp: 2'
run_ok ./unfiltered -c "$look"
assert_eq "$(head -n 2 <<<"$output")" $'NoNewPrivs: 1\nSeccomp: 0'
