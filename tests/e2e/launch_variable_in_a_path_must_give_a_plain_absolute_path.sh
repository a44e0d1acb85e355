#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p top/data
echo right >top/data/file
shell_profile box <<'END'
[launch]
variables = ["PLACE"]
[[fs]]
bind = "/data"
from = "${PLACE}"
END
run_ok env PLACE="$work/top/data" ./box -c 'cat /data/file'
assert_eq "$output" right
for place in "$work/top/../top/data" "$work/top/data/.." .. / // relative/path "top"; do
  run env PLACE="$place" ./box -c 'echo started'
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "box.toml:$(line_of box from)"
done
