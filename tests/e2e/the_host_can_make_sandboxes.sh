#!/usr/bin/env bash
# Fails, and does not skip, where namespaces are forbidden: so that a run in which everything was skipped is not green.
IMMURE_TEST_HOST=1 . "${BASH_SOURCE[0]%/*}/common.sh"

run_ok unshare --user --map-current-user --mount --pid --fork --mount-proc true
shell_profile hello <<'END'
END
run_ok ./hello -c 'echo hello'
assert_eq "$output" hello
