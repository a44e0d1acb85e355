#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"
needs_linux 6.6 'user xattrs on tmpfs, which an ephemeral overlay writes'

mkdir -p lower/directory
echo old >lower/directory/file
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
ephemeral = true
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'echo new >/merged/directory/file; cat /merged/directory/file; rm -r /merged/directory; mkdir /merged/directory; ls -A /merged/directory; cat /proc/self/mountinfo'
assert_eq "$(head -n 1 <<<"$output")" new
assert_mount /merged overlay rw nosuid nodev
assert_eq "$(<lower/directory/file)" old
run_ok ./box -c 'cat /merged/directory/file'
assert_eq "$output" old
assert_eq "$(find lower | sort | tr '\n' ' ')" 'lower lower/directory lower/directory/file '
