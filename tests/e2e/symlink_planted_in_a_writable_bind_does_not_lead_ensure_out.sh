#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p shared victim
ln -s "$work/victim" shared/link
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
bind = "/made"
from = "$work/shared/link/made"
ensure = true
END
run ./box -c 'echo started'
assert_status 125
assert_one_error_line
assert_eq "$(ls -A victim)" ''
