#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/etc"
[[fs]]
file = "/etc/config"
text = "fixed"
mode = "0666"
[[fs]]
proc = "/proc"
END

run_ok ./box -c 'cat /proc/self/mountinfo'
assert_mount /etc/config '*' ro nosuid nodev
for change in 'echo x >/etc/config' 'echo x >>/etc/config' 'rm -f /etc/config' 'echo x >/etc/other; mv -f /etc/other /etc/config' 'chmod 0777 /etc/config'; do
  run ./box -c "$change"
  [[ $status != 0 ]] || fail 'the program could do it'
done
run_ok ./box -c 'rm -f /etc/config 2>/dev/null; cat /etc/config'
assert_eq "$output" fixed
