#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Each is slow to say that it is ready, so a wrong order would show.
shell_profile box <<'END'
[[daemon]]
path = "/bin/sh"
args = ["-c", "sleep 0.3; echo first >>/run/log; : >/run/first; exec sleep 1000"]
ready = "/run/first"
[[daemon]]
path = "/bin/sh"
args = ["-c", "test -e /run/first && echo second >>/run/log; sleep 0.3; : >/run/second; exec sleep 1000"]
ready = "/run/second"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
END
run_ok ./box -c 'test -e /run/first && test -e /run/second && cat /run/log'
assert_eq "$output" $'first\nsecond'
