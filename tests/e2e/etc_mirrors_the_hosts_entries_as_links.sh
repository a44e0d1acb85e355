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

# A link of the host that leads to one of its directories: links made there would stay on the host.
mkdir -p data/sub ro
ln -s /data/sub ro/link
shell_profile through <<END
[[fs]]
bind = "/data"
from = "$work/data"
write = true
[[fs]]
bind = "/ro"
from = "$work/ro"
[[fs]]
etc = "/ro/link"
from = "$work/etc"
END
run ./through -c true
assert_status 125
assert_contains "$errors" 'the target is a directory of the host, which would be changed: `/ro/link`'
assert_eq "$(ls -A data/sub)" ''
