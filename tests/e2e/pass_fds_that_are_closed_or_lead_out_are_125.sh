#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[process]
pass-fds = [7]
END
refused() {
  assert_status 125
  assert_eq "$output" ''
  assert_eq "$errors" "$1"
}
exec 7<&-
run ./box -c 'echo ran'
refused "box: a descriptor to pass on is not open: \`7\`: Bad file descriptor (the launcher's caller has to leave it open)"

exec 7<.
run ./box -c 'echo ran'
refused 'box: this descriptor leads out of the view: `7` (a directory or O_PATH descriptor; if that is meant, list it in `pass-dir-fds`)'
exec 7<&-

cat >path.py <<'END'
import os, sys
fd = os.open(sys.argv[2], os.O_PATH)
os.dup2(fd, 7, inheritable=True)
os.execv(sys.argv[1], [sys.argv[1], "-c", "echo ran"])
END
run python3 path.py ./box box.toml
refused 'box: this descriptor leads out of the view: `7` (a directory or O_PATH descriptor; if that is meant, list it in `pass-dir-fds`)'
