#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# No filter is in the way, and the program keeps the capability that usually opens every door.
python_profile box <<'END'
[seccomp]
enabled = false
[capabilities]
keep = ["sys-ptrace"]
[[fs]]
proc = "/proc"
END
cat >trace.py <<'END'
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE = 0x4206
def seize(pid):
    return "seized" if libc.ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 else errno.errorcode[ctypes.get_errno()]
child = os.fork()
if child == 0:
    os.execv("/bin/sleep", ["sleep", "1000"])
print("child", seize(child))
print("init", seize(1))
for name in "mem", "environ", "maps":
    try:
        open("/proc/1/" + name, "rb").read(1)
        print(name, "opened")
    except OSError as problem:
        print(name, errno.errorcode[problem.errno])
os.kill(child, 9)
END
run_ok ./box -c "$(<trace.py)"
assert_eq "$output" $'child seized\ninit EPERM\nmem EACCES\nenviron EACCES\nmaps EACCES'
