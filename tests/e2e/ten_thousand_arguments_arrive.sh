#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box </dev/null
mapfile -t many < <(seq 10000)
run_ok ./box -c 'echo $# $1 ${10000}' name "${many[@]}"
assert_eq "$output" '10000 1 10000'
