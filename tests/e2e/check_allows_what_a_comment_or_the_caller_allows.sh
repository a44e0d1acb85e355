#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/true"' '[[fs]]' 'tmpfs = "/tmp"' 'size = 5000' >app.toml
run "$IMMURE" check --deny-warnings app.toml
assert_status 1
run_ok "$IMMURE" check --deny-warnings --allow W0331 app.toml
assert_eq "$errors" ''
run "$IMMURE" check --deny-warnings --allow W0332 app.toml
assert_status 1
run "$IMMURE" check --allow E0301 app.toml
assert_status 2
assert_contains "$errors" 'errors cannot be allowed'
run "$IMMURE" check --allow W0313 app.toml
assert_status 2
assert_contains "$errors" 'did you mean'

sed -i 's/^size.*/&  # immure: allow W0331 -- as the manual says/' app.toml
run_ok "$IMMURE" check --deny-warnings app.toml
assert_eq "$errors" ''
run_ok "$IMMURE" build app.toml -o app
assert_eq "$errors" '' 'what build says of an allowed warning'
sed -i 's/ -- as the manual says//' app.toml
run "$IMMURE" check app.toml
assert_status 1
assert_contains "$errors" 'E0113'
