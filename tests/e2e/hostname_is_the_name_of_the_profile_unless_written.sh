#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile plain </dev/null
shell_profile written <<'END'
[namespaces]
hostname = "another.example"
END
run_ok ./plain -c 'uname -n'
assert_eq "$output" plain
run_ok ./written -c 'uname -n'
assert_eq "$output" another.example
