#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
echo same >source/file
shell_profile box <<END
[[fs]]
bind = "$work/source"
END

run_ok ./box -c "cat $work/source/file"
assert_eq "$output" same
