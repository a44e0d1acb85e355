#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile default <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/cat"
args = ["/proc/self/cmdline"]
[[fs]]
proc = "/proc"
END
build_profile written <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/cat"
argv0 = "another name"
args = ["/proc/self/cmdline"]
[[fs]]
proc = "/proc"
END
run_ok ./default
assert_eq "$output" '/usr/bin/cat/proc/self/cmdline'
run_ok ./written
assert_eq "$output" 'another name/proc/self/cmdline'
