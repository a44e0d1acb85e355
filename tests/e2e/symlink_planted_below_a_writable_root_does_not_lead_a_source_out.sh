#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# `root` binds each entry of its source. The program may write below each, and plant links there; beside them it cannot, so a link there is the host's own.
mkdir -p tree/data/inner secret
for link in bin lib lib64; do ln -s "usr/$link" "tree/$link"; done
ln -s data tree/alias
echo secret >secret/file
echo fine >tree/data/inner/file
box() {
  build_profile "$1" <<END
immure = 1
[program]
path = "/usr/bin/sh"
[[fs]]
root = "/"
from = "$work/tree"
write = true
[[fs]]
bind = "/usr"
[[fs]]
bind = "/inner"
from = "$work/tree/$2/inner"
END
}
box plain data
box aliased alias
for name in plain aliased; do
  run_ok "./$name" -c 'cat /inner/file'
  assert_eq "$output" fine
done
run_ok ./plain -c "mv /data/inner /data/moved; ln -s $work/secret /data/inner"
for name in plain aliased; do
  run "./$name" -c 'cat /inner/file'
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "$name.toml:$(line_of "$name" /inner): bind \`/inner\`"
  assert_contains "$errors" 'a symbolic link below a directory that this profile makes writable: `inner`'
done
