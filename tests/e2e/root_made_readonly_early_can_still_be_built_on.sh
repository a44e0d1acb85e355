#!/usr/bin/env bash
# A `remount` of `/` before the end: what is mounted later, and what only serves to build the view, is not stopped by it.
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p host lower
printf host >host/file
printf lower >lower/kept
changes='ephemeral = true'
linux_is_from 6.6 || changes="upper = '$PWD/upper'
work = '$PWD/work'"  # before, an ephemeral overlay is refused
mkdir upper work
shell_profile box <<END
[[fs]]
bind = "/app"
from = "$PWD/host"
[[fs]]
dir = "/over"
[[fs]]
proc = "/proc"
[[fs]]
remount = "/"
readonly = true
[[fs]]
file = "/app/file"
text = "mounted"
[[fs]]
overlay = "/over"
lower = ["$PWD/lower"]
$changes
END

run_ok ./box -c 'cat /app/file; echo x >/over/new && cat /over/kept; for name in /* /.*; do echo $name; done'
assert_matches "$output" '^mountedlower'
assert_lacks "$output" immure 'names in the root'
run ./box -c 'echo x >/new'
[[ $status != 0 ]] || fail 'the root can be written'
