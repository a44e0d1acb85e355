#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=caller$$
shell_profile "$name" <<'END'
[process]
die-with-caller = true
END
start bash -c "./$name -c 'echo ready; sleep 1000' & wait"
started_says ready
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
