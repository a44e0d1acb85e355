#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
echo one >source/one
echo two >source/two
shell_profile box <<END
[[fs]]
bind = "/deep/er/renamed"
from = "$work/source/one"
END

run_ok ./box -c 'cat /deep/er/renamed; ls /deep/er; ls -A /deep'
assert_eq "$output" $'one\nrenamed\ner'
run ./box -c 'echo x >/deep/er/renamed'
[[ $status != 0 ]] || fail 'the file could be written'
assert_eq "$(<source/one)" one
