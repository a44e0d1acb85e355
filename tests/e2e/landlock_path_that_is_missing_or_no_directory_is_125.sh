#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The compiler cannot know either: the directory is the host's.
mkdir shared
: >shared/file
rule() {
  shell_profile box <<END
[[landlock.path]]
path = "/"
access = ["read", "execute"]
[[landlock.path]]
path = "/shared/$1"
access = ["$2"]
[[fs]]
bind = "/shared"
from = "$work/shared"
END
  run ./box -c 'echo ran'
  assert_status 125
  assert_eq "$output" ''
  assert_contains "$errors" "box: box.toml:$(line_of box "/shared/$1"): landlock \`/shared/$1\`: $3"
}
rule nothing read-file 'cannot open the path of the rule: No such file or directory'
rule file read-dir 'a right of directories on a file: Not a directory (a file takes execute, read-file, write-file, truncate and ioctl-dev)'
