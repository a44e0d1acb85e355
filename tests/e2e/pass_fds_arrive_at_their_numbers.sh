#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[process]
pass-fds = [7, 5]
END
echo seven >seven
echo five >five
exec 5<five 6<seven 7<seven 8<seven
run_ok ./box -c 'import os
for fd in range(3, 300):
    try: os.fstat(fd)
    except OSError: continue
    print(fd, os.read(fd, 100).decode().strip(), os.get_inheritable(fd))'
assert_eq "$output" $'5 five True\n7 seven True'

# A pipe or a socket goes both ways.
exec 7> >(cat >said)
exec 5<five
run_ok ./box -c 'import os; os.write(7, b"through the pipe\n")'
exec 7>&-
wait_until test -s said || fail 'nothing came through'
assert_eq "$(<said)" 'through the pipe'
