#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for name in shell build-step web-server browser; do
  cp "$IMMURE_SOURCE/examples/$name.toml" .
  run_ok "$IMMURE" build "$name.toml" -o first
  run_ok env -i "$IMMURE" build "$name.toml" -o second
  cmp first second || fail "$name: the two launchers differ"
done
