#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# What is open on 0, 1 and 2 is the program's, and through a directory there it would see all of the host: `/proc/self/fd/0/etc`.
mkdir marks
shell_profile box <<END
[[fs]]
bind = "/marks"
from = "$work/marks"
write = true
END
for opened in O_RDONLY O_PATH; do
  for fd in 0 1 2; do
    run python3 -I -B -c "
import os
os.dup2(os.open('/', os.$opened | os.O_DIRECTORY), $fd)
os.execv('./box', ['box', '-c', 'touch /marks/ran'])"
    assert_status 125
    [[ $fd == 2 ]] || assert_eq "$errors" "box: this descriptor leads out of the view: \`$fd\` (a directory)"
  done
done
# A caller without standard input that opens a directory has it there.
run bash -c 'exec 0<&-; exec python3 -I -B -c "
import os
os.set_inheritable(os.open(\"/etc\", os.O_RDONLY), True)
os.execv(\"./box\", [\"box\", \"-c\", \"touch /marks/ran\"])"'
assert_status 125
assert_missing marks/ran
