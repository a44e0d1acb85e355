#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir data
echo x >data/file
shell_profile box <<END
[launch]
variables = ["HOME"]
[[fs]]
bind = "\${HOME}/data"
from = "$work/data"
END
run_ok env HOME=/home/somebody ./box -c 'cat /home/somebody/data/file'
assert_eq "$output" x
run env HOME=/home/../somebody ./box -c 'echo started'
assert_status 125
