#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
run_ok ./box -c 'cd /proc/self/ns && readlink user mnt pid ipc uts cgroup net'
assert_eq "$(wc -l <<<"$output")" 7 'namespaces'
outside=$(cd /proc/self/ns && readlink user mnt pid ipc uts cgroup net)
assert_eq "$(grep -c -F -x -f <(printf '%s\n' "$outside") <<<"$output" || true)" 0 'namespaces shared with the caller'
