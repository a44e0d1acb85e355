#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile kept <<'END'
[process]
new-session = false
[[fs]]
dev = "/dev"
END
shell_profile own <<'END'
[[fs]]
dev = "/dev"
END

on_a_terminal() { run script --quiet --return --command "$1" /dev/null; }
on_a_terminal "./kept -c 'test -c /dev/console && test -w /dev/console && echo yes'"
assert_contains "$output" yes
on_a_terminal "./own -c 'test -e /dev/console || echo none'"
assert_contains "$output" none
run_ok ./kept -c 'test -e /dev/console || echo none'
assert_eq "$output" none
