#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
# ADDR_NO_RANDOMIZE, as setarch(8) sets it.
fixed() { run_ok python3 -I -B -c 'import ctypes, os, sys; ctypes.CDLL(None).personality(0x40000); os.execv(sys.argv[1], sys.argv[1:])' "$@"; }
fixed /bin/cat /proc/self/personality
assert_eq "$output" 00040000 'what the caller has'
fixed ./box -c 'cat /proc/self/personality'
assert_eq "$output" 00000000
