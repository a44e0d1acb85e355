#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

rule E0312 '{ tmpfs = "/t", inodes = 2 }, { dir = "/t/a" }, { dir = "/t/b" }'
refused 'No space left on device'
rule - '{ tmpfs = "/t", inodes = 3 }, { dir = "/t/a" }, { dir = "/t/b" }'
inside 'echo started'

# The contents of files lie on the root filesystem, wherever they are shown.
files='{ tmpfs = "/t" }, { file = "/t/a", text = "a" }, { file = "/b", text = "b" }'
tables=$'[root]\nsize = 4096\n'
rule E0312 "$files"
refused 'No space left on device'
assert_contains "$errors" "box.toml:$(line_of box '"/b"')"
tables=$'[root]\nsize = 8192\n'
rule - "$files"
inside 'cat /t/a /b'
assert_eq "$output" ab
