#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile default <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/pwd"
END
build_profile written <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/pwd"
cwd = "/usr/share"
END
run_ok ./default
assert_eq "$output" /
run_ok ./written
assert_eq "$output" /usr/share
