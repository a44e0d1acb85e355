#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box </dev/null
for mask in 0000 0022 0027 0077 0777; do
  run_ok bash -c "umask $mask; exec ./box -c umask"
  assert_eq "$output" "$mask"
done
