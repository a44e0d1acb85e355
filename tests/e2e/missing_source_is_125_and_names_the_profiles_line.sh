#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<END
# a comment above
[[fs]]
tmpfs = "/tmp"
[[fs]]
bind = "/data"
from = "$work/not there"
END

run ./box -c 'echo started'
assert_status 125
assert_eq "$output" '' 'standard output'
assert_one_error_line
assert_matches "$errors" "^box: .*box\.toml:$(line_of box bind): "
assert_contains "$errors" "$work/not there"
assert_contains "$errors" 'No such file or directory'
