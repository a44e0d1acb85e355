#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/env"
END
export SECRET=1 LD_LIBRARY_PATH_X=1 IMMURE_X=1
run_ok ./box
assert_eq "$output" ''
