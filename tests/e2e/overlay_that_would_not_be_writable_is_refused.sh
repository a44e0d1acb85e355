#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# With a work directory that belongs to somebody else the kernel mounts the overlay read-only and says nothing.
as_root || skip 'only root can give a directory to somebody else'
mkdir lower upper work-directory
chown 65533:65533 upper
chmod 0755 "$work"
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
upper = "$work/upper"
work = "$work/work-directory"
END

run setpriv --reuid=65533 --regid=65533 --clear-groups ./box -c 'echo started'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "box.toml:$(line_of box overlay)"
chown 65533:65533 work-directory
run_ok setpriv --reuid=65533 --regid=65533 --clear-groups ./box -c ': >/merged/file; echo started'
assert_eq "$output" started
