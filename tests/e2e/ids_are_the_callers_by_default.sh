#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
run_ok ./box -c 'id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups | tr -s " "'
assert_eq "$output" "$(id -u)
$(id -g)
 $(id -u) $(id -u) 1
 $(id -g) $(id -g) 1
deny"
