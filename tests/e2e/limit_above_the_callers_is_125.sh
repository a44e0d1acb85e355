#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[limits]
nofile = 100
END
ulimit -n 80
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" 'cannot set a limit: Operation not permitted (a limit cannot be raised above the caller'"'"'s hard limit)'
ulimit -n 60
run ./box -c 'echo ran'
assert_status 125
