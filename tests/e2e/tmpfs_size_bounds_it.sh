#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/kib"
size = "64KiB"
[[fs]]
tmpfs = "/bytes"
size = 8192
[[fs]]
tmpfs = "/kb"
size = "4096 KB"
[[fs]]
tmpfs = "/share"
size = "25%"
END

run_ok ./box -c 'stat -f -c "%b %S" /kib /bytes /kb'
assert_eq "$output" $'16 4096\n2 4096\n1000 4096'
run ./box -c 'head -c 65537 /dev/zero >/kib/file || head -c 65537 </usr/bin/bash >/kib/file'
assert_contains "$errors" 'No space left on device'
run_ok ./box -c 'head -c 65536 </usr/bin/bash >/kib/file; stat -f -c "%b %S" /share'
total=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
awk -v total="$total" '{ share = $1 * $2 / 1024 / total; exit !(share > 0.24 && share < 0.26) }' <<<"$output" || fail '25% of RAM is something else'
