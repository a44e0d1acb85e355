#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for mask in 0077 0000 0777; do
  (umask "$mask" && "$IMMURE" build "$IMMURE_SOURCE/examples/shell.toml" -o "box$mask")
  assert_eq "$(stat -c %a "box$mask")" 755
done
