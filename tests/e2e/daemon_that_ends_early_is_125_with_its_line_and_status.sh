#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# An end of 0 is one too: what must serve the program is not there. What a daemon has made before does not make it ready.
mkdir shared
ends() {
  shell_profile box <<END
[[daemon]]
path = "/bin/sh"
args = ["-c", "$1"]
ready = "/run/ready"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
END
  run ./box -c ': >/shared/ran'
  assert_status 125
  assert_eq "$output" ''
  assert_eq "$errors" "box: box.toml:$(grep -n 'path = "/bin/sh"' box.toml | tail -n 1 | cut -d: -f1): daemon \`/bin/sh\`: it ended before it was ready: \`$2\`"
  assert_missing shared/ran
}
ends 'exit 0' 'exit status 0'
ends 'sleep 0.1; exit 3' 'exit status 3'
ends 'kill -KILL $$$$' 'signal 9'  # `$$` is a dollar
