#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A shell that executes the launcher leaves its background processes to it. Each that ends sends SIGCHLD, and none of them is init: one is a zombie before the launcher starts, one
# ends while the program runs.
shell_profile box </dev/null
run bash -c '(exit 9) & sleep 0.05; sleep 0.05 & exec ./box -c "sleep 0.2; echo ran; exit 3"'
assert_status 3
assert_eq "$output" ran
assert_eq "$errors" ''
