#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

: >empty.toml
printf 'immure = 1\nname = "\xff\xfe"\n' >utf8.toml
printf 'immure = 1\nname = "a\\u0000b"\n' >nul.toml
printf 'immure = 1\0\n' >raw-nul.toml
printf 'immure = 1\nimmure = 1\n' >duplicate.toml
printf 'immure = "1"\n[program]\npath = 3\n' >types.toml
printf 'immure = 1\n[nowhere]\nkey = 1\n' >unknown.toml
printf 'immure = 1\nx = %s1%s\n' "$(printf '[%.0s' {1..20000})" "$(printf ']%.0s' {1..20000})" >deep.toml
head -c 100000 /dev/urandom >random.toml
for profile in empty utf8 nul raw-nul duplicate types unknown deep random; do
  run timeout 60 "$IMMURE" build "$profile.toml" -o out
  assert_status 1
  assert_contains "$output$errors" "$profile.toml" "what is said about $profile"
  assert_matches "$output$errors" 'E[0-9]{4}' "what is said about $profile"
done
assert_missing out
