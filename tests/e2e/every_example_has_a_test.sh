#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for example in "$IMMURE_SOURCE"/examples/*.toml; do
  name=$(basename "$example" .toml)
  [[ -e $IMMURE_SOURCE/tests/e2e/example_${name//-/_}.sh ]] || fail "there is no tests/e2e/example_${name//-/_}.sh"
done
