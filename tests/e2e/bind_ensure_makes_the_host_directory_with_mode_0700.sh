#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

umask 0
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/made"
write = true
ensure = true
END

run_ok ./box -c 'echo kept >/data/file'
assert_eq "$(stat -c '%F %a' made)" 'directory 700'
chmod 0755 made
run_ok ./box -c 'cat /data/file'
assert_eq "$output" kept
assert_eq "$(stat -c %a made)" 755 'mode of a directory that was there'
