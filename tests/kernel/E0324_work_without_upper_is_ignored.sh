#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a b work-directory
rule E0324 '{ overlay = "/o", lower = ["@/a", "@/b"], work = "@/work-directory" }'
inside '(: >/o/file) 2>&1 || echo refused'
assert_contains "$output" 'Read-only file system'
[[ -z $(ls -A work-directory) ]] || fail 'the work directory was used'
