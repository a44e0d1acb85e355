#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir directory
for profile in missing.toml '' directory/missing.toml; do
  run "$IMMURE" check "$profile"
  assert_status 2
  [[ -n $errors ]] || fail 'nothing was said'
done
for profile in missing.toml '' directory; do
  run "$IMMURE" build "$profile" -o out
  assert_status 2
  [[ -n $errors ]] || fail 'nothing was said'
done
assert_missing out
if ! as_root; then
  echo 'immure = 1' >closed.toml
  chmod 0 closed.toml
  run "$IMMURE" check closed.toml
  assert_status 2
  assert_contains "$errors" 'Permission denied'
fi
