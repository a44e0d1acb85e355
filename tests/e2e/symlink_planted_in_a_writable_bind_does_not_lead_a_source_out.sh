#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p shared/inner secret
echo secret >secret/file
echo fine >shared/inner/file
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
bind = "/inner"
from = "$work/shared/inner"
END
run_ok ./box -c 'cat /inner/file'
assert_eq "$output" fine
run_ok ./box -c "mv /data/inner /data/moved; ln -s $work/secret /data/inner"
run ./box -c 'cat /inner/file'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" inner
