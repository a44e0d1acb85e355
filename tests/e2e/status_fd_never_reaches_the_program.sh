#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[process]
status-fd = 9
END
exec 9>status
run_ok ./box -c 'import os, errno
open_ones = []
for fd in range(256):
    try: os.fstat(fd); open_ones.append(fd)
    except OSError as problem: assert problem.errno == errno.EBADF
print(open_ones)'
assert_eq "$output" '[0, 1, 2]'
assert_eq "$(wc -l <status)" 2 'lines of the status'

exec 9>&-
run ./box -c 'print("ran")'
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" 'box: the status descriptor is not open: `9`: Bad file descriptor (the launcher'"'"'s caller has to leave it open)'
