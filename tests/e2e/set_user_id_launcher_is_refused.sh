#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root || skip 'only root can make one for somebody else'
shell_profile box </dev/null
chmod 4755 box
chmod 0755 "$work"
run setpriv --reuid=65533 --regid=65533 --clear-groups ./box -c 'echo started'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
chmod 0755 box
run_ok setpriv --reuid=65533 --regid=65533 --clear-groups ./box -c 'echo started'
assert_eq "$output" started
