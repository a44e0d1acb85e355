#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile own <<'END'
[[fs]]
dev = "/dev"
END
shell_profile kept <<'END'
[process]
new-session = false
[[fs]]
dev = "/dev"
END
run script --quiet --return --command "./own -c '(: </dev/tty) && echo opened || echo refused'" /dev/null
assert_contains "$output" refused
run script --quiet --return --command "./kept -c '(: </dev/tty) && echo opened || echo refused'" /dev/null
assert_contains "$output" opened
