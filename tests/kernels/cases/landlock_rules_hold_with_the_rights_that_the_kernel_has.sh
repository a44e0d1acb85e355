#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/kernel.bash"

mkdir open shut
echo open >open/file
echo shut >shut/file
shell_profile box <<END
[[fs]]
bind = "/open"
from = "$work/open"
write = true
[[fs]]
bind = "/shut"
from = "$work/shut"
write = true
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
[[landlock.path]]
path = "/open"
access = ["read-file", "read-dir", "write-file", "make-reg"]
END
run ./box -c 'cat /open/file; echo more >/open/new; cat /shut/file; echo more >>/shut/file; : >/shut/new; rm /open/file; ls /shut'
assert_eq "$output" open
assert_exists open/new
assert_exists open/file
assert_missing shut/new
assert_eq "$(<shut/file)" shut
