#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<END
[cgroup]
path = "$work/no-such-group"
END
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" "box: cannot open the cgroup \`$work/no-such-group\`: No such file or directory (make it first, below a directory that is delegated to you)"
mkdir no-such-group
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
