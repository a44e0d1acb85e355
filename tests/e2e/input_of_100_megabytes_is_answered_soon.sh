#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

{
  printf 'immure = 1\n[program]\npath = "/usr/bin/true"\n# '
  head -c 104857600 /dev/zero | tr '\0' x
} >huge.toml
run timeout 30 "$IMMURE" check huge.toml
[[ $status == 1 || $status == 2 ]] || fail 'expected exit status 1 or 2'
assert_contains "$output$errors" huge.toml
(($(wc -c <<<"$output$errors") < 10000)) || fail 'the message is longer than a message'
