#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The mounts below are ours: made in a namespace of this test, because a plain user has no other way to have some.
mkdir -p source/sub/sub source/other
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
[[fs]]
proc = "/proc"
END

cat >mounted <<'END'
set -e
mount -t tmpfs -o exec,suid,dev one source/sub
mkdir source/sub/sub
mount -t tmpfs -o exec,suid,dev two source/sub/sub
mount -t tmpfs -o exec,suid,dev three source/other
echo deep >source/sub/sub/file
./box -c 'cat /data/sub/sub/file; echo x >/data/sub/sub/file; cat /proc/self/mountinfo'
END
run_ok unshare --user --map-root-user --mount bash mounted
assert_contains "$output" deep
assert_contains "$errors" 'Read-only file system'
for target in /data /data/sub /data/sub/sub /data/other; do
  assert_mount "$target" '*' ro nosuid nodev
done
