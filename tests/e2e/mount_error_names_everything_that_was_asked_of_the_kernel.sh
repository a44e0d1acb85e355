#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Two mounts, told by their flags, are refused by the filter of a sandbox around the launcher.
mkdir a b
box() {
  shell_profile "$1"
  run ./around -c "/work/$1 -c 'echo ran'"
  assert_status 125
  assert_eq "$output" ''
}
outer_sandbox <<END
[seccomp]
presets = []
[[seccomp.rule]]
syscalls = ["mount"]
action = "ENOSPC"
args = [{ index = 3, op = "eq", value = 14 }]
# An overlay; the second is for kernels that take no layers by descriptor, before 6.13.
[[seccomp.rule]]
syscalls = ["mount"]
action = "EPERM"
args = [{ index = 3, op = "eq", value = 0 }]
[[seccomp.rule]]
syscalls = ["fsmount"]
action = "EPERM"
args = [{ index = 2, op = "eq", value = 7 }]
[[fs]]
bind = "/work"
from = "$work"
END
box full <<'END'
[[fs]]
tmpfs = "/tmp"
exec = false
size = "64KiB"
mode = "0700"
END
assert_eq "$errors" "full: full.toml:$(line_of full tmpfs): tmpfs \`/tmp\`: cannot mount the filesystem with \`nosuid,nodev,noexec,size=65536,mode=0700\`: No space left on device (the limit of mounts is reached, not the disk: the sysctl \`fs.mount-max\`)"
box over <<'END'
[[fs]]
overlay = "/merged"
lower = ["/work/a", "/work/b"]
END
assert_eq "$errors" "over: over.toml:$(line_of over overlay): overlay \`/merged\`: cannot mount the overlay with \`ro,nosuid,nodev,lower=/work/a,lower=/work/b\`: Operation not permitted"
