#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
dev = "/dev"
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'echo x >/dev/shm/file; stat -c %a /dev/shm; cat /proc/self/mountinfo'
assert_eq "$(head -n 1 <<<"$output")" 1777
assert_mount /dev tmpfs ro nosuid nodev
assert_mount /dev/shm tmpfs rw nosuid nodev
assert_eq "$(awk '$5 == "/dev/shm" { print $4 }' <<<"$output")" / 'the root of shm: a filesystem of its own'
assert_mount /dev/null '*' ro nosuid noexec '!nodev'
assert_mount /dev/pts devpts nosuid noexec
for change in ': >/dev/new' 'rm /dev/null' 'ln -s x /dev/link'; do
  run ./box -c "$change"
  [[ $status != 0 ]] || fail 'the program could do it'
  assert_eq "$(grep -c -e 'Read-only file system' -e 'busy' <<<"$errors")" 1 'refusals'
done
