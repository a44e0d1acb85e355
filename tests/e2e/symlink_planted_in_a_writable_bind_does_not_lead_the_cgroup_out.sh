#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The cgroup lies in a directory that the program may write: a link that it puts there would choose another cgroup for its next launch.
mkdir -p shared/group other
shell_profile box <<END
[cgroup]
path = "$work/shared/group"
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
END
line=$(line_of box shared/group)
run ./box -c 'echo ran'
assert_status 125
assert_eq "$errors" "box: box.toml:$line: cgroup \`$work/shared/group\`: cannot start init in it: Bad file descriptor (it is no cgroup v2 directory)"
rmdir shared/group
ln -s ../other shared/group
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" "box: box.toml:$line: cgroup \`$work/shared/group\`: a symbolic link below a directory that this profile makes writable: \`group\` (the program could have planted it; name the real path)"
