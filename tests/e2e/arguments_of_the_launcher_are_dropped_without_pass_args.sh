#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/echo"
args = ["its", "own"]
pass-args = false
END
run_ok ./box more and more
assert_eq "$output" 'its own'
