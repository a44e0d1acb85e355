#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a/up a/work-directory
rule W0320 '{ overlay = "/o", lower = ["@/a"], upper = "@/a/up", work = "@/a/work-directory" }'
inside ': >/o/file; ls /o/file; for own in up work-directory; do ls "/o/$own" 2>&1 || true; done'
assert_contains "$output" '/o/file'
assert_eq "$(grep -c 'Too many levels of symbolic links' <<<"$output")" 2 'upper and work'
