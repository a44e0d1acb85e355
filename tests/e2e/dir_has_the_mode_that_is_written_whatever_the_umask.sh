#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

umask 077
shell_profile box <<'END'
[[fs]]
dir = "/a/b"
mode = "1750"
[[fs]]
dir = "/c"
END

run_ok ./box -c 'stat -c "%F %a" /a/b /c'
assert_eq "$output" $'directory 1750\ndirectory 755'
