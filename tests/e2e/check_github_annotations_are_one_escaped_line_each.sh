#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/usr/bin/true"\n"a,b:c%%d\\ne" = 1\n' >'odd, name: 100%.toml'
run "$IMMURE" check --format github 'odd, name: 100%.toml'
assert_status 1
assert_eq "$(wc -l <.out)" 1 'lines of one annotation'
assert_contains "$output" '::error file=odd%2C name%3A 100%25.toml,line=5,endLine=5,col=1,'
assert_contains "$output" 'c%25d'
assert_eq "$errors" ''
