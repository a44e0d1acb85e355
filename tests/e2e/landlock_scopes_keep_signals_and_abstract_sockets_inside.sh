#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

abi=$(python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, 0, 0, 1))')
((abi >= 6)) || skip "Landlock here has ABI $abi: scopes are from 6 on"
box() {
  python_profile "$1" <<END
[namespaces]
network = "host"
$2
END
}
box scoped ''
box signals_alone $'[landlock]\nscope = ["signal"]'
cat >listen.py <<'END'
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind("\0" + sys.argv[1])
listener.listen()
print("ready", flush=True)
while True: listener.accept()
END
socket=immure-$$-$RANDOM
start python3 listen.py "$socket"
started_says ready
connect='import errno, socket, sys
try: socket.socket(socket.AF_UNIX).connect("\0" + sys.argv[1]); print("connected")
except OSError as problem: print(errno.errorcode[problem.errno])'
run_ok ./scoped -c "$connect" "$socket"
assert_eq "$output" EPERM
run_ok ./signals_alone -c "$connect" "$socket"
assert_eq "$output" connected
# Inside, sockets and signals work as ever.
run_ok ./scoped -c 'import os, signal, socket, time
listener = socket.socket(socket.AF_UNIX); listener.bind("\0" + "inside-%d" % os.getpid()); listener.listen()
child = os.fork()
if child == 0:
    socket.socket(socket.AF_UNIX).connect(listener.getsockname()); time.sleep(1000)
listener.accept(); os.kill(child, signal.SIGTERM); print(os.waitstatus_to_exitcode(os.wait()[1]))'
assert_eq "$output" -15
