#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a up work-directory
rule E0325 '{ overlay = "/o", lower = ["@/a"], ephemeral = true, upper = "@/up", work = "@/work-directory" }'
inside ': >/o/file; ls /o'
assert_eq "$output" file
[[ -z $(ls -A up) ]] || fail 'upper has the change'
