#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=die$$
mkdir shared
shell_profile "$name" <<END
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
END
start "./$name" -c 'echo ready; while :; do date +%s%N >/shared/alive; sleep 0.02; done'
started_says ready
wait_until test -s shared/alive || fail 'the program does not run'
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
wait_until no_process_named "$name" || fail 'init is left'
before=$(cat shared/alive)
sleep 0.2
assert_eq "$(cat shared/alive)" "$before" 'what the program wrote'
