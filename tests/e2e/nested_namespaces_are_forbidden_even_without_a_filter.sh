#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[seccomp]
enabled = false
[[fs]]
proc = "/proc"
harden = false
END
shell_profile nested <<'END'
[namespaces]
nested = true
END
run ./box -c 'unshare --user true && echo nested'
assert_lacks "$output" nested
[[ $status != 0 ]] || fail 'the namespace was made'
assert_contains "$errors" 'No space left on device' 'the limit, and nothing else'
# Nor can the limit be raised again from inside.
run ./box -c 'cat /proc/sys/user/max_user_namespaces; echo 9 >/proc/sys/user/max_user_namespaces; unshare --user true && echo nested'
assert_eq "$output" 0 'the limit inside'
run_ok ./nested -c 'unshare --user true && echo nested'
assert_eq "$output" nested
