#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for arguments in '' no-such-command build 'check --no-such-flag x.toml' 'build x.toml'; do
  # shellcheck disable=SC2086  # several words
  run "$IMMURE" $arguments
  assert_status 2
  [[ -n $errors ]] || fail 'nothing was said'
done
run_ok "$IMMURE" --version
assert_matches "$output" '^immure [0-9]+\.[0-9]+\.[0-9]+'
run_ok "$IMMURE" --help
for command in check build run inspect emit; do
  assert_contains "$output" "$command"
done
for command in check build run inspect emit; do
  run_ok "$IMMURE" "$command" --help
  assert_contains "$output" "immure $command" "an example in the help of $command"
done
