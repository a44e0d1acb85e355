#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cat >bad.toml <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/bin/echo"
args = ["started"]
[[fs]]
bind = "data"
END
run "$IMMURE" run bad.toml
assert_status 1
assert_lacks "$output" started$'\n'
assert_contains "$output$errors" 'bad.toml:7:'
