#!/usr/bin/env bash
# The kernel does not pivot an initramfs away (KERNEL B 16). The other way, to move a mount over it and chroot, can be undone by whoever has capabilities
# inside, so the launcher ends.
. "$IMMURE_SOURCE/tests/e2e/common.sh"

shell_profile box <<'END'
END
run ./box -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" 'initramfs'
assert_contains "$errors" 'switch_root'
assert_eq "$(processes_named box)" '' 'processes that are left'
