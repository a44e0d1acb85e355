#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# What fixes of CVE-2026-87766 broke elsewhere: an absolute link on the way to a target (`/var/run` is one on every host) means the sandbox's own root, and a directory
# that may be searched but not read is no obstacle on the way to a target or a source.
mkdir -p tree/run closed/way/inner
ln -s /run tree/absolute
ln -s run tree/relative
echo fine >closed/way/inner/file
box() {
  shell_profile "$1" <<END
[[fs]]
tmpfs = "/run"
[[fs]]
bind = "/var"
from = "$work/tree"
[[fs]]
dir = "/var/absolute/user/app"
[[fs]]
bind = "/closed"
from = "$work/closed"
write = $2
[[fs]]
tmpfs = "/closed/way/inner"
[[fs]]
bind = "/inner"
from = "$work/closed/way/inner"
END
}
box read false
box written true
chmod 0111 closed/way closed
for name in read written; do
  run_ok "./$name" -c 'ls -A /run /run/user; cat /inner/file; ls -A /closed/way/inner'
  assert_eq "$output" $'/run:\nuser\n\n/run/user:\napp\nfine'
done
assert_eq "$(ls -A tree/run)" '' 'what was made on the host'
