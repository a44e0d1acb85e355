#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=nolinger$$
shell_profile "$name" <<'END'
[process]
linger = "0s"
[[fs]]
dev = "/dev"
END
before=$(date +%s%N)
run "./$name" -c '(trap "" TERM HUP INT; sleep 60; echo late) & echo early; exit 3'
assert_status 3
assert_eq "$output" early
took=$((($(date +%s%N) - before) / 1000000))
((took < 4000)) || fail "it took $took ms"
no_process_named "$name" || fail 'processes are left'
