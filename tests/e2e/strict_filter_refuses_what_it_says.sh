#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box </dev/null
run_ok ./box -c '
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_ulong(a) for a in args])
    if result == 0 and name == "clone-user":
        libc._exit(0)
    print(name, errno.errorcode[ctypes.get_errno()] if result < 0 else "passed", flush=True)
call("unshare", 272, 0x10000000)
call("clone-user", 56, 0x10000000 | 17, 0, 0, 0, 0)
call("clone3", 435, 0, 0)
call("mount", 165, 0, 0, 0, 0, 0)
call("open_tree", 428, 0, 0, 0)
call("setns", 308, 0, 0)
call("ptrace", 101, 0, 0, 0, 0)
call("perf_event_open", 298, 0, 0, 0, 0, 0)
call("personality", 135, 0x0040000)
call("kexec_load", 246, 0, 0, 0, 0)
call("tiocsti", 16, 0, 0x5412, 0)
call("tiocsti-high", 16, 0, 0x5412 | 1 << 32, 0)
call("getpid", 39)
'
assert_eq "$(grep -v -e clone3 -e open_tree <<<"$output")" 'unshare EPERM
clone-user EPERM
mount EPERM
setns EPERM
ptrace EPERM
perf_event_open EPERM
personality EPERM
kexec_load EPERM
tiocsti EPERM
tiocsti-high EPERM
getpid passed'
# Newer calls may be hidden as if the kernel had none: libraries then take the older ones.
assert_matches "$output" $'\nclone3 (EPERM|ENOSYS)\n'
assert_matches "$output" $'\nopen_tree (EPERM|ENOSYS)\n'
