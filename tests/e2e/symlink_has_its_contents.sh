#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
symlink = "/a/relative"
to = "../usr/./bin//sh"
[[fs]]
symlink = "/dangling"
to = "/no where"
END

run_ok ./box -c 'readlink /a/relative /dangling; test -x /a/relative'
assert_eq "$output" $'../usr/./bin//sh\n/no where'
