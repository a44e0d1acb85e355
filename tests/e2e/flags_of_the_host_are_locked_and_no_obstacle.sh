#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Mounts of the host come into a user namespace with their flags locked: a remount that does not repeat each of them is refused, or loses what it does not know. Here flags
# are only ever added, so that such a source binds like any other, keeps what it had, and gets nothing back that the host took away.
mkdir -p source/{sealed,links}
shell_profile box <<END
[[fs]]
bind = "/read"
from = "$work/source"
[[fs]]
bind = "/write"
from = "$work/source"
write = true
device = true
[[fs]]
remount = "/write/links"
readonly = true
[[fs]]
proc = "/proc"
END
cat >mounted <<'END'
set -e
mount -t tmpfs -o nosuid,nodev,noexec,noatime one source/sealed
: >source/sealed/file
mount -o remount,bind,ro,nosuid,nodev,noexec,noatime source/sealed
mount -t tmpfs -o nosymfollow two source/links
ln -s file source/links/link
exec ./box -c 'cat /proc/self/mountinfo; for at in read write; do touch /$at/sealed/file; cat /$at/links/link; done'
END
run unshare --user --map-root-user --mount bash mounted
for at in /read /write; do
  assert_mount "$at/sealed" tmpfs ro nosuid nodev noexec noatime
  assert_mount "$at/links" tmpfs nosuid nosymfollow
done
assert_mount /read '*' ro nosuid nodev
assert_mount /read/links tmpfs ro nodev
assert_mount /write/links tmpfs ro
assert_mount /write '*' rw nosuid
assert_eq "$(grep -c 'Read-only file system' <<<"$errors")" 2 'refused writes'
assert_eq "$(grep -c 'Too many levels of symbolic links' <<<"$errors")" 2 'links that were not followed'
