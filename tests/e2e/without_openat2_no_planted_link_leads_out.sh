#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Some filters (systemd's RestrictSUIDSGID) answer openat2(2) with ENOSYS on kernels that have it. The walk that stands in for it follows no link that a program could have planted.
mkdir -p shared/inner victim
echo fine >shared/inner/file
outer_sandbox <<END
[seccomp]
presets = []
[[seccomp.rule]]
syscalls = ["openat2"]
action = "ENOSYS"
[[fs]]
bind = "$work"
write = true
END
writable="[[fs]]
bind = \"/data\"
from = \"$work/shared\"
write = true"
shell_profile target <<END
$writable
[[fs]]
tmpfs = "/data/link/made"
create = true
END
shell_profile source <<END
$writable
[[fs]]
bind = "/inner"
from = "$work/shared/link"
END
shell_profile deep <<END
$writable
[[fs]]
tmpfs = "/data/inner/one/two"
create = true
[[fs]]
bind = "/inner"
from = "$work/shared/inner"
END
inside() { run ./around -c "$work/$1 -c 'cat /inner/file; echo ran'"; }

# That openat2 is gone, and launches go on without it.
run ./around -c 'exec /usr/bin/python3 -I -c "import ctypes; l = ctypes.CDLL(None, use_errno=True); l.syscall(437, -100, b\"/\", 0, 24); print(ctypes.get_errno())"'
assert_eq "$output" 38 'what openat2 says'
inside deep
assert_eq "$output" $'fine\nran'
[[ -d shared/inner/one/two ]] || fail 'the target was not made'

for to in "$work/victim" ../victim /proc/1/root"$work/victim"; do
  rm -f shared/link
  ln -s "$to" shared/link
  inside target
  assert_status 125
  assert_eq "$output" '' "what ran with a link to $to under the target"
  assert_one_error_line
  assert_contains "$errors" 'Too many levels of symbolic links'
  assert_eq "$(ls -A victim)" '' 'the victim'
  inside source
  assert_status 125
  assert_eq "$output" '' "what ran with a link to $to under the source"
  assert_one_error_line
  assert_contains "$errors" 'a symbolic link below a directory that this profile makes writable: `link`'
done
