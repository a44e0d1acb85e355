#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

umask 077
shell_profile box <<'END'
[process]
parent-mode = "0711"
[[fs]]
tmpfs = "/a/b/c"
mode = "1777"
END

run_ok ./box -c 'stat -c %a /a /a/b /a/b/c'
assert_eq "$output" $'711\n711\n1777'
