#!/usr/bin/env bash
# A `file` below a bind is mounted, and so is what masks a place of /proc. The kernel mounts nothing over a file whose name is gone, and takes no name of one that is mounted over.
. "${BASH_SOURCE[0]%/*}/common.sh"

masked=
for name in kcore keys timer_list; do [[ -e /proc/$name ]] && masked=/proc/$name; done
[[ -n $masked ]] || skip 'this kernel has none of the files of /proc that are masked'

mkdir host
printf host >host/a
printf host >host/b
printf later >later
shell_profile box <<END
[[fs]]
bind = "/app"
from = "$PWD/host"
[[fs]]
file = "/app/a"
text = "first"
[[fs]]
file = "/app/b"
text = "second"
[[fs]]
bind = "/app/a"
from = "$PWD/later"
[[fs]]
file = "/app/b"
text = "third"
[[fs]]
proc = "/proc"
[[fs]]
bind = "$masked"
from = "$PWD/later"
END

run_ok ./box -c 'cat /app/a; echo -n " "; cat /app/b; echo -n " "; cat '"$masked"'; echo; for name in /* /.*; do echo $name; done'
assert_matches "$output" 'later third later'
assert_lacks "$output" immure "names in the root"
