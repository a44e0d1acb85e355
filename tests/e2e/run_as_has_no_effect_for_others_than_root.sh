#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root && skip 'this is about ordinary users'
shell_profile box <<'END'
[user]
run-as = "12345:23456"
END
run_ok ./box -c 'id -u'
assert_eq "$output" "$(id -u)"
