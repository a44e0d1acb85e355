#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir lower upper work-directory
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
upper = "$work/upper"
work = "$work/work-directory"
END

start ./box -c 'echo ready; exec sleep 100'
started_says ready
run ./box -c 'echo started'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "box.toml:$(line_of box overlay)"
kill -TERM "$pid"
started_ends
run_ok ./box -c 'echo started'
assert_eq "$output" started
