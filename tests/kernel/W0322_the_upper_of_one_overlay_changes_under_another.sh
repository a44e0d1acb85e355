#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a b up work-directory
rule W0322 '{ overlay = "/o", lower = ["@/a"], upper = "@/up", work = "@/work-directory" },
{ overlay = "/p", lower = ["@/up", "@/b"] }'
inside ': >/o/file; ls /p'
assert_eq "$output" file
