#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[seccomp]
enabled = false
END
shell_profile nested <<'END'
[namespaces]
nested = true
END
run ./box -c 'unshare --user true && echo nested'
assert_lacks "$output" nested
[[ $status != 0 ]] || fail 'the namespace was made'
run_ok ./nested -c 'unshare --user true && echo nested'
assert_eq "$output" nested
