#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

long=$(printf 'x%.0s' {1..200})
mkdir -p "$long/$long/lower" "$long/upper" "$long/work"
echo far >"$long/$long/lower/file"
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$work/$long/$long/lower"]
upper = "$work/$long/upper"
work = "$work/$long/work"
END

run_ok ./box -c 'cat /merged/file; : >/merged/new'
assert_eq "$output" far
assert_exists "$long/upper/new"
