#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/few"
inodes = 4
END

run ./box -c 'cd /few && : >1 && : >2 && : >3 && echo three && : >4'
assert_eq "$output" three
assert_contains "$errors" 'No space left on device'
