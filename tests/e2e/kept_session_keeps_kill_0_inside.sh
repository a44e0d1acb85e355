#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Without Landlock's scope, which would keep the signal inside too: the program's process group is its own, so that this holds on every kernel. What must live on is in the launcher's group.
python_profile box <<'END'
[process]
new-session = false
[landlock]
scope = []
END
cat >signal.py <<'END'
import os, signal, time
child = os.fork()
if child == 0:
    time.sleep(1000)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(0, signal.SIGTERM)
print("the child inside ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
END
cat >group.sh <<'END'
sleep 1000 &
sibling=$!
"$1" -c "$(<signal.py)"
kill -0 "$sibling" && echo 'the sibling outside lives'
kill -KILL "$sibling"
END
run setsid --wait bash group.sh ./box
assert_status 0
assert_eq "$output" $'the child inside ended with -15\nthe sibling outside lives'
