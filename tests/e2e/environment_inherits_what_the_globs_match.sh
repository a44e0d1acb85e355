#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/env"
[env]
inherit = ["LC_*", "TERM", "?X", "ABSENT"]
END
run_ok env -i LC_ALL=C LC_=empty 'TERM=a b=c' AX=1 AAX=2 TERMINAL=3 XLC_ALL=4 SECRET=5 ./box
assert_eq "$(sort <<<"$output")" $'AX=1\nLC_=empty\nLC_ALL=C\nTERM=a b=c'
