#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p shared victim other
echo secret >victim/file
ln -s "$work/victim" shared/layer
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
overlay = "/merged"
lower = ["$work/shared/layer", "$work/other"]
END
run ./box -c 'cat /merged/file'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
