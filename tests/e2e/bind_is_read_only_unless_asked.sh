#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
echo host >source/file
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /data/file'
assert_eq "$output" host
run_ok ./box -c 'cat /proc/self/mountinfo'
assert_mount /data '*' ro nosuid nodev

for change in ': >/data/new' ': >>/data/file' 'rm /data/file' 'mkdir /data/directory' 'chmod 0777 /data/file' 'mv /data/file /data/other'; do
  run ./box -c "$change"
  [[ $status != 0 ]] || fail "the program could do it"
  assert_contains "$errors" 'Read-only file system'
done
assert_eq "$(ls source)" file
