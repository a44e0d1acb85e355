#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root || skip 'run-as is for launchers that root starts'
chmod 0755 "$work"
mkdir shared
echo secret >shared/secret
chmod 0600 shared/secret
chmod 0777 shared
for user in 'run-as = "12345:23456"' ''; do
  shell_profile box <<END
[user]
$user
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
[[fs]]
proc = "/proc"
END
  run ./box -c 'id -u; id -g; cat /proc/self/uid_map | tr -s " "; grep ^Groups: /proc/self/status; : >/shared/made; cat /shared/secret'
  if [[ -n $user ]]; then
    assert_status 1
    assert_eq "$output" $'12345\n23456\n 12345 12345 1\nGroups:\t '
    assert_contains "$errors" 'Permission denied'
    assert_eq "$(stat -c %u:%g shared/made)" 12345:23456
    rm shared/made
  else
    # Without it the owner of the file and the program are the same, capabilities or not: what the status line calls root-owns-files.
    assert_status 0
    assert_contains "$output" secret
  fi
done
