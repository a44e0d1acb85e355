#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p source/sub
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
write = true
[[fs]]
proc = "/proc"
END

cat >mounted <<'END'
set -e
mount -t tmpfs -o exec,suid,dev one source/sub
./box -c 'echo x >/data/sub/file; cat /proc/self/mountinfo'
END
run_ok unshare --user --map-root-user --mount bash mounted
for target in /data /data/sub; do
  assert_mount "$target" '*' rw nosuid nodev
done
