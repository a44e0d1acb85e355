#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
dev = "/dev"
END
run ./box -c '(sleep 0.5; echo late) & echo early; exit 3'
assert_status 3
assert_eq "$output" $'early\nlate'
