#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir shared
python_profile box <<END
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
END
start ./box -c '
import os, time
print("ready", flush=True)
n = 0
while True:
    n += 1
    open("/shared/new", "w").write(str(n))
    os.rename("/shared/new", "/shared/count")
    time.sleep(0.01)
'
started_says ready
state() { sed 's/.*) //' "/proc/$pid/stat" | cut -c1; }
stopped() { [[ $(state) == T ]]; }
counting() {
  local first
  first=$(cat shared/count 2>/dev/null) && sleep 0.3 && [[ $(cat shared/count) != "$first" ]]
}

wait_until counting || fail 'the program does not run'
kill -TSTP "$pid"
wait_until stopped || fail "the launcher is not stopped but $(state)"
sleep 0.1
! counting || fail 'the program goes on'
kill -CONT "$pid"
wait_until counting || fail 'the program was not continued'
! stopped || fail 'the launcher was not continued'
kill -TERM "$pid"
started_ends
assert_status 143
