#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

head -c 5000 /dev/urandom >random
: >empty
cp /usr/bin/true elf
for name in random empty elf; do
  run timeout 20 "$IMMURE" inspect "$name"
  [[ $status == 1 || $status == 2 ]] || fail 'expected exit status 1 or 2'
  assert_contains "$output$errors" "$name"
done
