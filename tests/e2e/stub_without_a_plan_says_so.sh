#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

stub=$(dirname "$IMMURE")/initrt/stub-x86_64
[[ -x $stub ]] || skip 'the stub is not beside the command'
run "$stub"
assert_status 125
assert_one_error_line
