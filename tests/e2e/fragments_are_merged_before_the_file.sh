#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir parts
cat >parts/base.toml <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/bin/sh"
args = ["-c", "echo base"]
[env]
set = { FROM = "base", ONLY = "base" }
[[fs]]
tmpfs = "/scratch"
mode = "0700"
END
build_profile box <<'END'
immure = 1
extends = ["parts/base.toml"]
[program]
args = ["-c", 'echo "$$FROM $$ONLY"; stat -c %a /scratch']
[env]
set = { FROM = "file" }
[[fs]]
tmpfs = "/scratch"
mode = "0711"
END
run_ok ./box
assert_eq "$output" $'file base\n711'
printf 'immure = 1\nextends = ["b.toml"]\n' >a.toml
printf 'immure = 1\nextends = ["a.toml"]\n' >b.toml
run "$IMMURE" check a.toml
assert_status 1
assert_contains "$output$errors" b.toml
