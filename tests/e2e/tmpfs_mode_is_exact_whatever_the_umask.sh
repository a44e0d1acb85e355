#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

umask 077
shell_profile box <<'END'
[[fs]]
tmpfs = "/sticky"
mode = "1777"
[[fs]]
tmpfs = "/closed"
mode = "0700"
[[fs]]
tmpfs = "/default"
END

run_ok ./box -c 'stat -c %a /sticky /closed /default'
assert_eq "$output" $'1777\n700\n755'
