#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/echo"
args = ["started"]
cwd = "/usr/no such directory"
END
run ./box
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "box.toml:$(line_of box cwd)"
