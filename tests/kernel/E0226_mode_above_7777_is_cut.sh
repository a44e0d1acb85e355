#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

write_box '{ tmpfs = "/t", mode = "10755" }'
assert_says E0226

rule - '{ tmpfs = "/t" }' --tmpfs mode=10755
inside 'stat -c %a /t'
assert_eq "$output" 755
rule - '{ tmpfs = "/t" }' --tmpfs mode=10000
inside 'stat -c %a /t'
assert_eq "$output" 0
