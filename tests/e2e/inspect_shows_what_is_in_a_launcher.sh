#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
[[fs]]
tmpfs = "/scratch"
size = "64KiB"
END
run_ok "$IMMURE" inspect box
for part in /data "$work/source" /scratch /bin/sh "box.toml:$(line_of box bind)" "box.toml:$(line_of box tmpfs)"; do
  assert_contains "$output" "$part"
done
run_ok "$IMMURE" inspect --json box
assert_contains "$output" /scratch
python3 -c 'import json, sys; json.loads(sys.argv[1])' "$output" || fail 'not JSON'
run_ok "$IMMURE" inspect box.toml
assert_contains "$output" /scratch 'of a profile'
run_ok strip box
run_ok "$IMMURE" inspect box
assert_contains "$output" /scratch 'after strip'
