#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir shared
shell_profile box <<END
[process]
status-fd = 9
timeout = "1h"
[limits]
nofile = 64
[[fs]]
bind = "/shared"
from = "$work/shared"
END
# field EVENT KEY: of the status line of that event
field() {
  python3 -c 'import json, sys
for line in map(json.loads, open("status")):
    if line["event"] == sys.argv[1]: print(*[line[key] for key in sys.argv[2:]])' "$@"
}

exec 9>status
start ./box -c 'echo ready; until [ -e /shared/go ]; do sleep 0.05; done; exit 3'
started_says ready
wait_until grep -q started status || fail 'nothing was reported'
init=$(field started init) program=$(field started program)
assert_eq "$(tr '\0' ' ' <"/proc/$program/cmdline" | cut -c 1-10)" '/bin/sh -c' 'the program'
assert_eq "$(awk '/^NSpid:/ { print $NF }' "/proc/$init/status")" 1 'init inside'
assert_eq "$(awk '/^PPid:/ { print $2 }' "/proc/$program/status")" "$init" 'parent of the program'
: >shared/go
started_ends
assert_status 3
assert_eq "$(field exited status reason)" '3 exit'
assert_eq "$(wc -l <status)" 2 lines
for wall in no-new-privs capabilities seccomp nested-limit limits; do
  assert_contains "$(field started enforced)" "'$wall'" enforced
done
assert_lacks "$(field started enforced)" "'cgroup'" enforced
if as_root; then
  assert_contains "$(field started missing)" "'root-owns-files'" missing
else
  assert_lacks "$(field started missing)" "'root-owns-files'" missing
fi

reason() {
  exec 9>status
  run ./box -c "$1"
  assert_status "$2"
  assert_eq "$(field exited status reason)" "$2 $3"
}
reason 'kill -TERM $$' 143 signal
sed -i 's|^timeout = .*|timeout = "200ms"|' box.toml
run_ok "$IMMURE" build box.toml -o box
reason 'sleep 1000' 124 timeout

# What cannot start says so as well.
sed -i 's|^path = .*|path = "/usr/bin/no-such-program"|' box.toml
run_ok "$IMMURE" build box.toml -o box
exec 9>status
run ./box
assert_status 127
assert_eq "$(wc -l <status)" 1 lines
assert_eq "$(field exited status reason)" '127 launch'
