#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

umask 0
shell_profile box <<'END'
[[fs]]
tmpfs = "/a/b/c"
mode = "0700"
END

run_ok ./box -c 'stat -c %a /a /a/b /a/b/c'
assert_eq "$output" $'700\n700\n700'
