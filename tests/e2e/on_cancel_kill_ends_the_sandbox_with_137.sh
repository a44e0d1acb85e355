#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=cancel$$
shell_profile "$name" <<'END'
[process]
on-cancel = "kill"
END
start "./$name" -c 'trap "echo got it" USR2 INT TERM; (trap "" TERM; sleep 1000) & echo ready; while :; do sleep 0.05; done'
started_says ready
kill -USR2 "$pid"
started_ends
assert_status 137
assert_eq "$output" ready
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
