#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p source/there
chmod 0711 source/there
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
write = true
[[fs]]
dir = "/data/there"
mode = "0777"
END

run_ok ./box -c 'stat -c %a /data/there'
assert_eq "$output" 711
assert_eq "$(stat -c %a source/there)" 711
