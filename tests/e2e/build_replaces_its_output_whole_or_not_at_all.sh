#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

echo precious >output
printf 'immure = 1\n[program]\npath = "relative"\n' >bad.toml
run "$IMMURE" build bad.toml -o output
assert_status 1
assert_eq "$(<output)" precious
assert_eq "$(ls)" $'bad.toml\noutput' 'files'

# A launcher that runs is replaced, not written over.
cp "$IMMURE_SOURCE/examples/shell.toml" .
run_ok "$IMMURE" build shell.toml -o output
start ./output -c 'echo ready; sleep 1; echo old'
started_says ready
run_ok "$IMMURE" build shell.toml -o output
started_ends
assert_status 0
assert_eq "$output" $'ready\nold'
run_ok ./output -c 'echo new'
