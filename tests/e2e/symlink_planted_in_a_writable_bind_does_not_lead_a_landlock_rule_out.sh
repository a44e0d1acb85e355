#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A rule names a directory in which the program may write. What it puts there in its place must not become readable at the next launch.
mkdir -p shared/plugins private
echo fine >shared/plugins/file
echo secret >private/secret
shell_profile box <<END
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
[[landlock.path]]
path = "/bin/sh"
access = ["execute"]
[[landlock.path]]
path = "/work"
access = ["read", "write"]
[[landlock.path]]
path = "/work/plugins"
access = ["read", "execute"]
[landlock]
on-missing = "weaken"
[[fs]]
bind = "/work"
from = "$work/shared"
write = true
[[fs]]
bind = "/private"
from = "$work/private"
END
run_ok ./box -c 'cat /work/plugins/file; cat /private/secret || echo shut; mv /work/plugins /work/moved; ln -s /private /work/plugins'
assert_eq "$output" $'fine\nshut'
for to in /private ../private /proc/self/root/private; do
  ln -sfn "$to" shared/plugins
  run ./box -c 'cat /private/secret'
  assert_status 125
  assert_eq "$output" ''
  assert_eq "$errors" "box: box.toml:$(line_of box /work/plugins): landlock \`/work/plugins\`: a symbolic link below a directory that this profile makes writable: \`plugins\` (the program could have planted it; name the real path)"
done
