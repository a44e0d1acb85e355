#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[process]
linger = "300ms"
[[fs]]
dev = "/dev"
END
before=$(date +%s%N)
run ./box -c '(sleep 60; echo late) & echo early; exit 3'
assert_status 3
assert_eq "$output" early
took=$((($(date +%s%N) - before) / 1000000))
((took >= 280 && took < 20000)) || fail "it took $took ms"
