#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir bin
printf 'no interpreter line, no ELF\n' >bin/text
printf '\177ELF but not really' >bin/broken
: >bin/empty
cp /usr/bin/true bin/closed
chmod 0755 bin/text bin/broken bin/empty
chmod 0644 bin/closed
for name in text broken empty closed; do
  build_profile "$name" <<END
immure = 1
extends = ["immure:system"]
[program]
path = "/app/$name"
[[fs]]
bind = "/app"
from = "$work/bin"
END
  run "./$name"
  assert_status 126
  assert_one_error_line
  assert_contains "$errors" "/app/$name"
  assert_contains "$errors" "$name.toml:$(line_of "$name" path)"
done
