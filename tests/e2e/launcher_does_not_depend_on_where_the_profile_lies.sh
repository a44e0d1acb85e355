#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p some/where
cp "$IMMURE_SOURCE/examples/shell.toml" .
cp shell.toml some/where/
run_ok "$IMMURE" build shell.toml -o first
cd some/where
run_ok "$IMMURE" build shell.toml -o second
cmp ../../first second || fail 'the launchers differ'
