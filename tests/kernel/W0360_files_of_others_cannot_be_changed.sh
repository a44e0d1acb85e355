#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root || skip 'only root can give a file to somebody else'
chmod 0755 "$work"
directories a/theirs up work-directory
: >a/theirs/file
chown "$another:$another" a up work-directory
chmod 0777 a/theirs
chmod 0666 a/theirs/file
write_box '{ overlay = "/o", lower = ["@/a"], upper = "@/up", work = "@/work-directory" }'
chmod 0755 box.toml
install -m 0755 "$IMMURE" immure
run as_another ./immure check --host box.toml
assert_contains "$errors" '[W0360]'

run_ok "$IMMURE_UNCHECKED" box.toml -o box
for what in ': >>/o/theirs/file' ': >/o/theirs/new'; do
  run as_another ./box -c "$what"
  assert_contains "$errors" 'Value too large' "$what"
done
run as_another ./box -c ': >/o/mine && cat /o/theirs/file'
assert_status 0
