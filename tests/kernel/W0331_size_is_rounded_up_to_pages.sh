#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

rule W0331 '{ tmpfs = "/t", size = 4097 }'
inside 'echo $(($(stat -f -c %b /t) * $(stat -f -c %S /t)))'
assert_eq "$output" 8192
