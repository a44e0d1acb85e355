#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<END
[cgroup]
path = "$work/no-such-group"
END
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" "box: box.toml:$(line_of box no-such-group): cgroup \`$work/no-such-group\`: cannot open the directory: No such file or directory (make it first, below a directory that is delegated to you)"
mkdir no-such-group
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
