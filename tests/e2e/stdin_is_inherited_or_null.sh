#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile inherited </dev/null
shell_profile null <<'END'
[process]
stdin = "null"
[[fs]]
dev = "/dev"
END
echo 'of the caller' >text
input=text
run_ok ./inherited -c cat
assert_eq "$output" 'of the caller'
run_ok ./null -c 'cat; echo end'
assert_eq "$output" end
