#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[launch]
variables = ["WHO"]
[program]
path = "/usr/bin/env"
[env]
inherit = ["*"]
set = { NAME = "from the profile", EMPTY = "", WHOLE = "<${WHO}>", DOLLAR = "$$HOME" }
END
run_ok env -i NAME=caller OTHER=inherited WHO=me ./box
assert_eq "$(sort <<<"$output")" $'DOLLAR=$HOME\nEMPTY=\nNAME=from the profile\nOTHER=inherited\nWHO=me\nWHOLE=<me>'
