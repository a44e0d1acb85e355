#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

rule W0361 '{ tmpfs = "/t", size = "4096GiB" }'
inside 'echo $(($(stat -f -c %b /t) * $(stat -f -c %S /t)))'
assert_eq "$output" $((4096 << 30))
rule W0361 '{ tmpfs = "/t", size = "200%" }'
inside 'echo $(($(stat -f -c %b /t) * $(stat -f -c %S /t)))'
total=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) * 1024))
((output > total)) || fail "200% of the memory is $output bytes, the memory $total"
