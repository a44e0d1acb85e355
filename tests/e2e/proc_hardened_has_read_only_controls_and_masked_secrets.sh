#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /proc/self/mountinfo'
assert_mount /proc/sys proc ro nosuid nodev noexec
for name in irq bus; do
  [[ ! -d /proc/$name ]] || assert_mount /proc/$name proc ro
done
[[ ! -e /proc/sysrq-trigger ]] || assert_mount /proc/sysrq-trigger proc ro
for name in keys kcore timer_list pressure; do
  [[ ! -e /proc/$name ]] || assert_mount /proc/$name '*' ro
done
run_ok ./box -c 'for name in keys kcore timer_list; do if [ -e /proc/$name ]; then head -c 100 /proc/$name; fi; done; if [ -e /proc/pressure ]; then ls -A /proc/pressure; fi'
assert_eq "$output" '' 'masked parts'
run ./box -c 'echo 1 >/proc/sys/kernel/ns_last_pid'
assert_matches "$errors" 'Read-only file system'
