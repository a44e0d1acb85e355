#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[daemon]]
path = "/usr/bin/no-such-daemon"
ready = "/run/ready"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
END
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" "box: box.toml:$(line_of box no-such-daemon): daemon \`/usr/bin/no-such-daemon\`: cannot execute it: No such file or directory"
