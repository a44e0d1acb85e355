#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The flags of the mounts that the layers lie on do not hold through an overlay: `nosuid` and `nodev` are always set on it, and `remount` adds `noexec`.
mkdir layers
shell_profile box <<END
[[fs]]
overlay = "/open"
lower = ["$work/layers/a", "$work/layers/b"]
[[fs]]
overlay = "/shut"
lower = ["$work/layers/a", "$work/layers/b"]
[[fs]]
remount = "/shut"
noexec = true
[[fs]]
proc = "/proc"
END
cat >mounted <<'END'
set -e
mount -t tmpfs -o noexec,suid,dev layers layers
mkdir layers/a layers/b
cp /usr/bin/true layers/a/true
exec ./box -c 'cat /proc/self/mountinfo; /open/true && echo ran; /shut/true && echo ran'
END
run unshare --user --map-root-user --mount bash mounted
assert_mount /open overlay ro nosuid nodev '!noexec'
assert_mount /shut overlay ro nosuid nodev noexec
assert_eq "$(grep -c -x ran <<<"$output")" 1 'programs that ran'
assert_contains "$errors" '/shut/true: Permission denied'
