#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

rule E0312 '{ tmpfs = "/t", inodes = 2 }, { dir = "/t/a" }, { dir = "/t/b" }'
refused 'No space left on device'
rule - '{ tmpfs = "/t", inodes = 3 }, { dir = "/t/a" }, { dir = "/t/b" }'
inside 'echo started'

# The contents of files that are made on the root, and of those that are mounted elsewhere.
for files in '{ file = "/a", text = "a" }, { file = "/b", text = "b" }' '{ tmpfs = "/t" }, { file = "/t/a", text = "a" }, { file = "/t/b", text = "b" }'; do
  tables=$'[root]\nsize = 4096\n'
  rule E0312 "$files"
  refused 'No space left on device'
  assert_contains "$errors" "box.toml:$(line_of box 'text = "b"')"
  tables=$'[root]\nsize = 8192\n'
  rule - "$files"
  inside '[ -e /a ] && cat /a /b || cat /t/a /t/b'
  assert_eq "$output" ab
done
tables=$'[root]\nsize = 4096\n'
rule - '{ tmpfs = "/t" }, { file = "/t/a", text = "a" }, { file = "/b", text = "b" }'
inside 'cat /t/a /b'
assert_eq "$output" ab
