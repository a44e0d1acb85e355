#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root || skip 'only root can give a process groups'
shell_profile box <<'END'
[process]
status-fd = 9
[[fs]]
proc = "/proc"
END
chmod 0755 "$work"
groups() { grep -o '"\(enforced\|missing\)":[^]]*drop-supplementary-groups' status | cut -d: -f1; }
exec 9>status
run_ok setpriv --groups 54321,54322 ./box -c 'grep ^Groups: /proc/self/status'
assert_eq "$output" $'Groups:\t '
assert_eq "$(groups)" '"enforced"'
# An ordinary user may not: the kernel keeps them, and the status line says so.
exec 9>status
run_ok setpriv --reuid 12345 --regid 12345 --groups 54321,54322 ./box -c 'grep -c ^Groups: /proc/self/status'
assert_eq "$(groups)" '"missing"'
exec 9>status
run_ok setpriv --reuid 12345 --regid 12345 --clear-groups ./box -c 'exit'
assert_eq "$(groups)" '"enforced"'
