#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box </dev/null
for how in --strip-all --strip-debug --strip-unneeded; do
  cp box stripped
  run_ok strip "$how" stripped
  assert_eq "$errors" '' 'what strip has to say'
  run_ok ./stripped -c 'echo runs'
  assert_eq "$output" runs
done
cp box stripped
run_ok strip stripped
run_ok ./stripped -c 'echo runs'
run_ok objcopy box copied
run_ok ./copied -c 'echo runs'
assert_eq "$output" runs
