#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

{
  printf 'immure = 1\nextends = ["immure:system"]\nlaunch.variables = ["V"]\n[program]\npath = "/bin/sh"\nargs = ["-c", "echo $$#", "sh"'
  printf ', "${V}%s"' {1..80}
  printf ']\n'
} | build_profile box
# with_variable LENGTH STACK: a launch where each of 80 arguments is so long, and the stack may have so many KiB.
with_variable() {
  V=$(printf '%0*d' "$1" 0)
  export V
  run bash -c "ulimit -s $2; exec ./box"
}
with_variable 130000 8192
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" "box: the launch variables come to too much: Argument list too long"
with_variable 20000 1024
assert_status 125
assert_one_error_line
with_variable 20000 8192
assert_status 0
assert_eq "$output" 80
