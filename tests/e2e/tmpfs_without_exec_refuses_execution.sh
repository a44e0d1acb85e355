#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/yes"
[[fs]]
tmpfs = "/no"
exec = false
END

run_ok ./box -c 'cp /usr/bin/true /yes/true; /yes/true'
run ./box -c 'cp /usr/bin/true /no/true; /no/true'
assert_status 126
assert_contains "$errors" 'Permission denied'
