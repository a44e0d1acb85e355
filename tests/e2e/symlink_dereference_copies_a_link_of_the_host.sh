#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

ln -s 'somewhere/else' host-link
shell_profile box <<END
[[fs]]
symlink = "/copied"
to = "$work/host-link"
dereference = true
END

run_ok ./box -c 'readlink /copied'
assert_eq "$output" somewhere/else
rm host-link
echo 'no link' >host-link
run ./box -c 'echo started'
assert_status 125
assert_one_error_line
assert_contains "$errors" "box.toml:$(line_of box symlink)"
