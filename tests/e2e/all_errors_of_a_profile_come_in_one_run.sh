#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cat >bad.toml <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "usr/bin/true"
arguments = ["x"]
[namespaces]
network = "hots"
[[fs]]
bind = "/data"
writeable = true
[[fs]]
tmpfs = "/tmp"
mode = "9"
END
run "$IMMURE" check bad.toml
assert_status 1
for line in 4 5 7 10 13; do
  assert_contains "$output$errors" "bad.toml:$line:"
done
assert_contains "$output$errors" '`host`'
assert_contains "$output$errors" '`write`'
