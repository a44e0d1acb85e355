#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir real
echo there >real/file
ln -s real link
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/link"
END

run_ok ./box -c 'cat /data/file'
assert_eq "$output" there
