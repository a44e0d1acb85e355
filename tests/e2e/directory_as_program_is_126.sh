#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir directory
build_profile box <<END
immure = 1
extends = ["immure:system"]
[program]
path = "/app"
[[fs]]
bind = "/app"
from = "$work/directory"
END
run ./box
assert_status 126
assert_one_error_line
assert_contains "$errors" 'Permission denied'
