#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
echo host >source/file
shell_profile box <<END
[[fs]]
tmpfs = "/a"
[[fs]]
bind = "/a/data"
from = "$work/source"
[[fs]]
file = "/a/note"
text = "note"
[[fs]]
symlink = "/a/link"
to = "data/file"
[[fs]]
dir = "/a/directory"
END

run_ok ./box -c 'cat /a/link /a/note; ls /a'
assert_eq "$output" $'host\nnotedata\ndirectory\nlink\nnote'
