#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Checked and built only: a browser needs a desktop to show anything.
cp "$IMMURE_SOURCE/examples/browser.toml" .
run_ok "$IMMURE" check browser.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build browser.toml -o browser
run_ok "$IMMURE" inspect browser
assert_contains "$output" /dev/dri
