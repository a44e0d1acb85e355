#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a b up up2 work1 work2
overlay() { printf '{ overlay = "/%s", lower = ["@/%s"], upper = "@/%s", work = "@/%s" },\n' "$@"; }
rule E0330 "$(overlay o a up work1; overlay p b up2 work1)"
refused 'lock the work directory'
rule E0330 "$(overlay o a up work1; overlay p b up work2)"
refused 'lock the upper directory'
