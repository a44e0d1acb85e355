#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

loader=$(readelf -lW /usr/bin/true | sed -n 's/.*program interpreter: \(.*\)\]/\1/p')
build_profile box <<'END'
immure = 1
[program]
path = "/app/true"
[[fs]]
bind = "/app/true"
from = "/usr/bin/true"
END
run ./box
assert_status 127
assert_one_error_line
assert_contains "$errors" "$loader"
