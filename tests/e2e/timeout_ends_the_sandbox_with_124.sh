#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Kept inside, so that it holds although the launcher is stopped; whatever the program ignores, and with all that it started.
name=timed$$
shell_profile "$name" <<'END'
[process]
timeout = "2s"
END
run "./$name" -c 'exit 3'
assert_status 3
begin=${EPOCHREALTIME/./}
run "./$name" -c 'trap "" TERM INT HUP; (sleep 1000) & echo ready; sleep 1000'
took=$(((${EPOCHREALTIME/./} - begin) / 1000))
assert_status 124
assert_eq "$output" ready
((took >= 2000)) || fail "it was ended after $took ms"
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"

start "./$name" -c 'echo ready; sleep 1000'
started_says ready
kill -STOP "$pid"
only_the_launcher() { [[ $(processes_named "$name") == "$pid" || -z $(processes_named "$name") ]]; }
wait_until only_the_launcher || fail 'the sandbox outlived its time'
kill -CONT "$pid"
started_ends
assert_status 124
