#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a/up a/work-directory
rule W0320 '{ overlay = "/o", lower = ["@/a"], upper = "@/a/up", work = "@/a/work-directory" }'
inside ': >/o/file; ls /o/file; ls /o/up 2>&1 || true'
assert_contains "$output" '/o/file'
assert_contains "$output" 'Too many levels of symbolic links'
