#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[process]
new-session = false
END
cat >count <<'END'
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
print("ready", flush=True)
while signal.sigtimedwait({signal.SIGINT}, 1.5):
    print("interrupted", flush=True)
END
cat >terminal.py <<'END'
import os, pty, time
pid, master = pty.fork()
if pid == 0:
    os.execv("./box", ["./box", "-c", open("count").read()])
text = b""
sent = False
while True:
    try:
        piece = os.read(master, 1000)
    except OSError:
        break
    if not piece:
        break
    text += piece
    if b"ready" in text and not sent:
        time.sleep(0.2)
        os.write(master, b"\x03")
        sent = True
print(text.decode().count("interrupted"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
run_ok python3 terminal.py
assert_eq "$output" '1 0'
