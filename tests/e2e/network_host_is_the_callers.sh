#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[namespaces]
network = "host"
[[fs]]
proc = "/proc"
END
run_ok ./box -c 'readlink /proc/self/ns/net'
assert_eq "$output" "$(readlink /proc/self/ns/net)"
