#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/no-such-program"
END
run ./box
assert_status 127
assert_one_error_line
assert_contains "$errors" '/usr/bin/no-such-program'
assert_contains "$errors" "box.toml:$(line_of box path)"
