#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for node in /dev/kmsg /dev/fuse /dev/loop-control /dev/net/tun /dev/kvm; do
  [[ -c $node ]] && break
done
[[ -c $node ]] || skip 'this host has no further device'
shell_profile box <<END
[[fs]]
dev = "/dev"
nodes = ["$node"]
[[fs]]
proc = "/proc"
END

run_ok ./box -c "stat -c '%F %t %T' $node; cat /proc/self/mountinfo"
assert_eq "$(head -n 1 <<<"$output")" "$(stat -c '%F %t %T' "$node")"
assert_mount "$node" '*' '!nodev' nosuid
