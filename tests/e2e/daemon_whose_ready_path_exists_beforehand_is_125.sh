#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The compiler cannot know it: the directory is the host's.
mkdir shared
shell_profile box <<END
[[daemon]]
path = "/bin/sh"
args = ["-c", ": >/shared/ready; : >/shared/daemon-ran; exec sleep 1000"]
ready = "/shared/ready"
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
[[fs]]
dev = "/dev"
END
run_ok ./box -c 'echo ran'
assert_eq "$output" ran
assert_exists shared/ready  # an earlier run has left it

rm shared/daemon-ran
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_matches "$errors" '^box: box\.toml:[0-9]+: daemon `/bin/sh`: what says that it is ready exists beforehand: `/shared/ready`$'
assert_missing shared/daemon-ran
