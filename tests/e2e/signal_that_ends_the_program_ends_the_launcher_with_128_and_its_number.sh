#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box </dev/null
for name in TERM INT HUP USR1 USR2; do
  start ./box -c 'import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print("ready", flush=True); time.sleep(100)'
  started_says ready
  kill -"$name" "$pid"
  started_ends
  assert_status $((128 + $(kill -l "$name")))
done
