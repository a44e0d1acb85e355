#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p etc/dir
echo host >etc/hostname
echo users >etc/passwd
echo groups >etc/group
echo shells >etc/shells
ln -s hostname etc/link
shell_profile box <<END
[[fs]]
etc = "/etc"
from = "$work/etc"
prefix = "here"
[[fs]]
file = "/etc/passwd"
text = "nobody\n"
END
run_ok ./box -c 'cd /etc; ls -A; readlink hostname link dir mtab; cat shells passwd link; ls .host; cat .host/here/passwd'
assert_eq "$output" '.host
dir
hostname
link
mtab
passwd
shells
.host/here/hostname
.host/here/link
.host/here/dir
/proc/mounts
shells
nobody
host
here
users'
run ./box -c ': >/etc/dir/new'
assert_contains "$errors" 'Read-only file system'
# What is changed on the host shows; what is added does not.
echo changed >etc/hostname
run_ok ./box -c 'cat /etc/hostname'
assert_eq "$output" changed
