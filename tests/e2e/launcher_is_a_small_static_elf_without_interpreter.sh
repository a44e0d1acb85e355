#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/shell.toml" .
run_ok "$IMMURE" build shell.toml -o shell
run_ok file shell
assert_contains "$output" 'ELF 64-bit LSB executable'
assert_contains "$output" 'statically linked'
run ldd shell
assert_contains "$output$errors" 'not a dynamic executable'
(($(stat -c %s shell) < 65536)) || fail "it has $(stat -c %s shell) bytes"

run_ok readelf -lW shell
assert_eq "$errors" '' 'what readelf complains about'
assert_lacks "$output" INTERP
assert_lacks "$output" DYNAMIC
flags=$(sed -n -E 's/^ *(LOAD|GNU_STACK) .*0x[0-9a-f]+ ([R ][W ][E ]) 0x[0-9a-f]+$/\2/p' <<<"$output")
assert_contains "$flags" 'R E'
assert_lacks "$flags" 'WE' 'flags of the segments'
run_ok readelf -SW shell
assert_eq "$errors" '' 'what readelf complains about'
assert_contains "$output" .immure
run_ok objdump -s -j .immure shell
assert_contains "$output" 'Contents of section .immure'
