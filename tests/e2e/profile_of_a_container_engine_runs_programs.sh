#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Of the structure and the size of Docker's default profile.
cp "$IMMURE_SOURCE/tests/data/oci-seccomp-full.json" engine.json
python_profile box <<'TOML'
[seccomp]
presets = []
oci = "engine.json"
TOML
run_ok ./box -c '
import ctypes, errno, os, subprocess, threading
thread = threading.Thread(target=lambda: print("thread"))
thread.start(); thread.join()
print(subprocess.run(["/bin/echo", "child"], capture_output=True, text=True).stdout, end="", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_ulong(a) for a in args])
    print(name, errno.errorcode[ctypes.get_errno()] if result < 0 else "passed", flush=True)
call("unshare", 272, 0)
call("keyctl", 250, 0, 0, 0, 0, 0)
call("personality", 135, 1)
call("personality-linux", 135, 0xffffffff)
call("clone3", 435, 0, 0)
call("vsock", 41, 40, 1, 0)
'
assert_eq "$output" 'thread
child
unshare EPERM
keyctl EPERM
personality EPERM
personality-linux passed
clone3 ENOSYS
vsock EPERM'
