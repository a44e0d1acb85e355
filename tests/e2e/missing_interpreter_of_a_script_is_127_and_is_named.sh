#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir bin
printf '#!/opt/missing/interpreter -x\n' >bin/script
chmod 0755 bin/script
build_profile box <<END
immure = 1
extends = ["immure:system"]
[program]
path = "/app/script"
[[fs]]
bind = "/app"
from = "$work/bin"
END
run ./box
assert_status 127
assert_one_error_line
assert_contains "$errors" '/opt/missing/interpreter'
