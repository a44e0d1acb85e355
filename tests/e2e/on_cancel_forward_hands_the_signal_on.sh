#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The default, and the same when it is written.
for line in '' $'[process]\non-cancel = "forward"'; do
  shell_profile box <<<"$line"
  start ./box -c 'trap "echo cancelled; exit 4" USR2; echo ready; while :; do sleep 0.05; done'
  started_says ready
  kill -USR2 "$pid"
  started_ends
  assert_status 4
  assert_eq "$output" $'ready\ncancelled'
done
