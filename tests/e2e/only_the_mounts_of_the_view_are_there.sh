#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
proc = "/proc"
harden = false
[[fs]]
tmpfs = "/tmp"
END

run_ok ./box -c 'cat /proc/self/mountinfo'
assert_eq "$(awk '{ print $5 }' <<<"$output" | grep -v -e '^/usr' -e '^/proc/' | sort)" $'/\n/proc\n/tmp' 'mount points'
# Every mount is the root of its own tree or below it: nothing hangs on a mount that is not listed but the root itself.
assert_eq "$(awk '{ id[$1] = 1; parent[$1] = $2 } END { for (m in parent) if (!(parent[m] in id) || parent[m] == m) ++n; print n }' <<<"$output")" 1 'mounts without a visible parent'
