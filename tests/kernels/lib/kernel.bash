# shellcheck shell=bash
# For cases about what this kernel has and lacks.
. "$IMMURE_SOURCE/tests/e2e/common.sh"

series=$(uname -r | cut -d. -f1,2)

# What the kernel itself says, and not what its version makes one expect.
landlock_abi=$(python3 -I -c 'import ctypes; print(ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1))')

# missing_of STATUS: what the launcher could not enforce, as it says itself.
missing_of() { grep -o '"missing":\[[^]]*\]' "$1" || true; }
