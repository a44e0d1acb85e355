#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir shared
mkfifo shared/target
echo text >source
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
bind = "/data/target"
from = "$work/source"
END
run timeout 20 ./box -c 'cat /data/target'
[[ $status != 124 ]] || fail 'the launcher hangs'
if ((status == 0)); then
  assert_eq "$output" text
else
  assert_status 125
  assert_one_error_line
fi
