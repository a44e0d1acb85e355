#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# What hakurei calls Privileged. It opens the view, of which there is a warning.
python_profile box <<'END'
[capabilities]
keep = ["sys-admin"]
[seccomp]
presets = []
[[fs]]
proc = "/proc"
[[fs]]
tmpfs = "/mnt"
END
run_ok ./box -c '
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")])
print(libc.mount(b"none", b"/mnt", b"tmpfs", 0, None), ctypes.get_errno())
open("/mnt/file", "w").close()'
assert_eq "$output" "['0000000000200000', '0000000000200000', '0000000000200000', '0000000000200000', '0000000000200000']
0 0"
