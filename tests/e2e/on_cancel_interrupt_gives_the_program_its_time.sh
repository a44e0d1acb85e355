#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=cancel$$
shell_profile "$name" <<'END'
[process]
on-cancel = "interrupt"
cancel-wait = "2s"
END
# A program that obeys ends as it likes.
start "./$name" -c 'trap "echo interrupted; exit 6" INT; trap "echo wrong" USR2; echo ready; while :; do sleep 0.05; done'
started_says ready
kill -USR2 "$pid"
started_ends
assert_status 6
assert_eq "$output" $'ready\ninterrupted'

# One that does not is ended when its time is over. A second cancellation does not give it more.
start "./$name" -c 'trap "echo interrupted" INT; echo ready; while :; do sleep 0.05; done'
started_says ready
begin=${EPOCHREALTIME/./}
kill -USR2 "$pid"
started_says interrupted
sleep 0.5
kill -USR2 "$pid"
started_ends
took=$(((${EPOCHREALTIME/./} - begin) / 1000))
assert_status 137
((took >= 2000)) || fail "it was ended after $took ms"
((took < 20000)) || fail "it was ended after $took ms only"
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
