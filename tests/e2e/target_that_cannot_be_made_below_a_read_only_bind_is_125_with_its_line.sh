#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir shared source
shell_profile box <<END
[launch]
variables = ["PLACE"]
[[fs]]
bind = "/data"
from = "$work/shared"
[[fs]]
bind = "\${PLACE}"
from = "$work/source"
END
export PLACE=/data/new
run ./box -c 'echo started'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "box.toml:$(line_of box '${PLACE}')"
assert_eq "$(ls -A shared)" ''
mkdir shared/new
run_ok ./box -c 'echo started'
