#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Twenty chains: each process forks its successor and ends at once, and none minds a signal. Whoever hunts them one by one is always late; the end of PID 1 is not.
cat >bomb.py <<'END'
import os, signal, sys, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        while True:
            if os.fork() != 0:
                os._exit(0)
            time.sleep(0.002)
print("started", flush=True)
if sys.argv[1] == "stay":
    while True:
        time.sleep(1)
END
name=bomb$$
python_profile "$name" <<END
[process]
linger = "0s"
[[fs]]
bind = "/$name"
from = "$work/bomb.py"
END
run_ok "./$name" "/$name" leave
assert_eq "$output" started
wait_until no_process_named "$name" || fail 'init is left after the program ended'

seconds=5
[[ -z ${IMMURE_GUEST:-} ]] || seconds=60  # an emulated processor takes longer to start at all
python_profile "$name" <<END
[process]
timeout = "${seconds}s"
[[fs]]
bind = "/$name"
from = "$work/bomb.py"
END
run "./$name" "/$name" stay
assert_status 124
assert_eq "$output" started
wait_until no_process_named "$name" || fail 'init is left after the time was over'

# What lingers is given its time and no more.
python_profile "$name" <<END
[process]
linger = "300ms"
[[fs]]
bind = "/$name"
from = "$work/bomb.py"
END
run_ok "./$name" "/$name" leave
wait_until no_process_named "$name" || fail 'init is left after the linger'
pgrep -f "/$name (leave|stay)" >left && fail "processes are left: $(<left)"
exit 0
