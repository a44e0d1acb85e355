#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[launch]
variables = ["WHO", "GREETING"]
[program]
path = "/usr/bin/echo"
args = ["${GREETING:-hello}, ${WHO}"]
END
run_ok env -u GREETING WHO=world ./box
assert_eq "$output" 'hello, world'
run_ok env GREETING= WHO=world ./box
assert_eq "$output" 'hello, world'
run_ok env GREETING='good $WHO' WHO='${WHO}' ./box
assert_eq "$output" 'good $WHO, ${WHO}'
for setting in '-uWHO' 'WHO='; do
  run env "$setting" ./box
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" WHO
  assert_contains "$errors" "box.toml:$(line_of box args)"
done
