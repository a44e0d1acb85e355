#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

shell_profile box <<'END'
[cgroup]
fd = 7
END
refused() {
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "box.toml:$(line_of box 'fd = 7')"
  assert_contains "$errors" "$1"
}
run ./box -c 'echo ran'
refused 'descriptor `7`'
exec 7<"$work"
run ./box -c 'echo ran'
refused 'cgroup'
exec 7</dev/null
run ./box -c 'echo ran'
refused 'cgroup'
