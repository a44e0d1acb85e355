#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

rule W0332 '{ tmpfs = "/t", inodes = 1 }'
inside '(: >/t/file) 2>&1 || echo refused; ls -A /t'
assert_contains "$output" 'No space left on device'
assert_contains "$output" refused
