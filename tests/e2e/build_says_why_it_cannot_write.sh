#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/shell.toml" .
mkdir directory
: >file
for output_path in no/such/directory/shell directory file/shell ''; do
  run "$IMMURE" build shell.toml -o "$output_path"
  assert_status 2
  [[ -n $errors ]] || fail 'nothing was said'
done
assert_eq "$(find . -type f ! -name '.*' | sort | tr '\n' ' ')" './file ./shell.toml '
