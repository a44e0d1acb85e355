#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[root]
writable = true
size = "1MiB"
END

run_ok ./box -c 'echo x >/file; cat /file; stat -f -c "%b %S" /'
assert_eq "$output" $'x\n256 4096'
run ./box -c 'head -c 2000000 </usr/bin/bash >/file || cat /usr/bin/* >/file'
assert_contains "$errors" 'No space left on device'
