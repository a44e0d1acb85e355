#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box </dev/null
exec 3</etc/passwd 9</ 63>"$work/log" 200</
run_ok ./box -c '
import os
def is_open(fd):
    try:
        os.fstat(fd)
        return True
    except OSError:
        return False
print([fd for fd in range(1024) if is_open(fd)])
'
assert_eq "$output" '[0, 1, 2]'
