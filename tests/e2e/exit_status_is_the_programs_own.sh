#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box </dev/null
for expected in 0 1 2 3 42 77 123 124 125 126 127 128 129 143 200 254 255; do
  run ./box -c "exit $expected"
  assert_status "$expected"
  assert_eq "$errors" '' 'standard error'
done
