#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The files that a program sees are the same after the way there and back. What the other side cannot say is in other lines of the difference.
for name in shell python build-step agent web-server notebook; do
  run_ok "$IMMURE" emit bwrap "$IMMURE_SOURCE/examples/$name.toml" -o "$name.bwrap"
  run_ok bash -n "$name.bwrap"
  run_ok "$IMMURE" import bwrap "$name.bwrap" -o "$name.toml"
  run "$IMMURE" check "$name.toml"
  assert_status 0
  run "$IMMURE" diff "$IMMURE_SOURCE/examples/$name.toml" "$name.toml"
  ((status <= 1)) || fail 'no difference could be made'
  changed=$(grep -E '^[-+~] files ' <<<"$output" || true)
  assert_eq "$changed" '' "$name"
done
