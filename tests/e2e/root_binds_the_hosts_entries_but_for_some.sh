#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p tree/{usr,proc,dev,tmp,mnt,etc,data/below}
echo x | tee tree/{proc,dev,tmp,mnt,etc}/file tree/data/file tree/top >/dev/null
for link in bin lib lib64; do ln -s "usr/$link" "tree/$link"; done
box() {
  build_profile box <<END
immure = 1
[program]
path = "/usr/bin/sh"
[[fs]]
root = "/"
from = "$work/tree"
$1
[[fs]]
bind = "/usr"
END
}
box ''
run_ok ./box -c 'cd /; ls -A; readlink bin; cat data/file top; ls data'
assert_eq "$(tr '\n' ' ' <<<"$output")" 'bin data lib lib64 top usr usr/bin x x below file '
for refused in ': >/data/file' ': >/data/new' ': >/top' ': >/new'; do
  run ./box -c "$refused"
  assert_contains "$errors" 'Read-only file system'
done
box 'write = true'
run_ok ./box -c 'echo changed >/data/file; : >/data/new'
assert_eq "$(<tree/data/file)" changed
assert_exists tree/data/new
run ./box -c ': >/new'
assert_contains "$errors" 'Read-only file system' 'the root itself is the sandbox'"'"'s own'
