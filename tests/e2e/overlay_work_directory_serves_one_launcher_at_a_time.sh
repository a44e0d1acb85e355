#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The kernel takes both, and the two damage each other. Either directory alone is enough to be refused: a second profile may share only one of them.
mkdir lower upper work-directory other-upper other-work
profile() {
  shell_profile "$1" <<END
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
upper = "$work/$2"
work = "$work/$3"
END
}
profile box upper work-directory
profile same_upper upper other-work
profile same_work other-upper work-directory
profile apart other-upper other-work

start ./box -c 'echo ready; exec sleep 100'
started_says ready
for name in box same_upper same_work; do
  run "./$name" -c 'echo started'
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "$name.toml:$(line_of "$name" overlay)"
  assert_contains "$errors" 'another overlay is using it'
done
run_ok ./apart -c 'echo started'
assert_eq "$output" started
kill -TERM "$pid"
started_ends
for name in box same_upper same_work; do
  run_ok "./$name" -c 'echo started'
  assert_eq "$output" started
done
