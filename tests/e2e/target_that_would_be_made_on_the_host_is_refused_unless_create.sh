#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir shared source
shell_profile refused <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
bind = "/data/new/mount"
from = "$work/source"
END
run ./refused -c 'echo started'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "refused.toml:$(line_of refused /data/new/mount)"
assert_contains "$errors" create
assert_eq "$(ls -A shared)" ''

shell_profile granted <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
bind = "/data/new/mount"
from = "$work/source"
create = true
END
run_ok ./granted -c 'echo started'
assert_exists shared/new/mount
run_ok ./refused -c 'echo started'
assert_eq "$output" started
