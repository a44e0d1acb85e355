#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Dynamically linked programs under nothing but the group, and what they do themselves. Whatever is missing ends the program: nothing falls back.
list_profile() { # NAME PROGRAM DEFAULT MORE
  build_profile "$1" <<TOML
immure = 1
extends = ["immure:system"]
[program]
path = "$2"
[seccomp]
presets = []
default = "$3"
[[seccomp.rule]]
syscalls = ["@startup"$4]
action = "allow"
TOML
}
for default in kill-process ENOSYS; do
  list_profile true /bin/true "$default" ''
  run_ok ./true
  list_profile echo /bin/echo "$default" ', "write"'
  run_ok ./echo a word
  assert_eq "$output" 'a word'
  list_profile cat /bin/cat "$default" ', "write", "fadvise64", "copy_file_range"'
  input=cat.toml run_ok ./cat
  assert_contains "$output" '@startup'
done

# The list holds: what is not in it is not there.
list_profile id /usr/bin/id kill-process ', "write"'
run ./id
assert_status 159
list_profile silent /bin/echo ENOSYS ''
run ./silent a word
[[ $status != 0 && -z $output ]] || fail 'echo wrote without write'
