#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Linux before 6.12 has no scopes that keep abstract sockets out; what is said there, tests/kernels shows.
build_profile box <<'END'
immure = 1
extends = ["immure:system"]
weaken = ["landlock-scopes"]
[program]
path = "/bin/sh"
[namespaces]
network = "host"
[[fs]]
proc = "/proc"
END
run_ok ./box -c 'readlink /proc/self/ns/net'
assert_eq "$output" "$(readlink /proc/self/ns/net)"
