#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/printf"
args = ["<%s>", "two words", "", "$$"]
END
run_ok ./box 'of the caller' '' -- --help '*'
assert_eq "$output" '<two words><><$><of the caller><><--><--help><*>'
