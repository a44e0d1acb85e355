#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[process]
pass-dir-fds = [7]
END
mkdir outside
echo hello >outside/file
exec 7<outside
run_ok ./box -c 'import os; print(open("file", opener=lambda name, flags: os.open(name, flags, dir_fd=7)).read().strip())'
assert_eq "$output" hello
