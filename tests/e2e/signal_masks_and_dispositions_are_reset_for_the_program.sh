#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/cat"
args = ["/proc/self/status"]
[[fs]]
proc = "/proc"
END
cat >disturbed.py <<'END'
import os, signal
for number in signal.valid_signals():
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.execv("./box", ["./box"])
END
run_ok python3 disturbed.py
assert_eq "$(grep -E '^Sig(Blk|Ign|Cgt|Pnd)' <<<"$output" | tr '\t' ' ')" 'SigPnd: 0000000000000000
SigBlk: 0000000000000000
SigIgn: 0000000000000000
SigCgt: 0000000000000000'
