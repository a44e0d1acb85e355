#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[[fs]]
dev = "/dev"
END

run_ok ./box -c '
import os, pty
master, slave = pty.openpty()
print(os.ttyname(slave), oct(os.stat("/dev/pts/ptmx").st_mode & 0o777), oct(os.fstat(slave).st_mode & 0o777))
os.write(slave, b"through\n")
through = b""
while not through.endswith(b"\n"): through += os.read(master, 100)  # a terminal may hand it on in parts
assert through == b"through\r\n"
print(sorted(os.listdir("/dev/pts")))
'
assert_eq "$output" "/dev/pts/0 0o666 0o620"$'\n'"['0', 'ptmx']"
