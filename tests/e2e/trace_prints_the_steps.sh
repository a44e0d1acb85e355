#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
END
run_ok env IMMURE_TRACE=1 ./box -c 'echo started'
assert_eq "$output" started
assert_contains "$errors" /data
(($(wc -l <<<"$errors") > 10)) || fail 'fewer than ten steps'
run_ok ./box -c 'echo started'
assert_eq "$errors" ''
