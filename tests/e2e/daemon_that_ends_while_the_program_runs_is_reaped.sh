#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Once it was ready a daemon may end; the program is not disturbed, and its status is the sandbox's.
shell_profile box <<'END'
[[daemon]]
path = "/bin/sh"
args = ["-c", "(sleep 1000) & : >/run/ready; until [ -e /run/go ]; do sleep 0.02; done; exit 9"]
ready = "/run/ready"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
[[fs]]
proc = "/proc"
END
run ./box -c ': >/run/go; until [ "$(grep -l -s "^PPid:.1$" /proc/[0-9]*/status | wc -l)" = 2 ]; do sleep 0.02; done; exit 4'
assert_status 4
