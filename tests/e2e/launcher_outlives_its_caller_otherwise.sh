#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=orphan$$
mkdir shared
shell_profile "$name" <<END
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
END
start bash -c "./$name -c 'echo ready; while [ ! -e /shared/go ]; do sleep 0.02; done; echo done >/shared/end' & wait"
started_says ready
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
sleep 0.2
: >shared/go
wait_until test -s shared/end || fail 'the program did not live on'
