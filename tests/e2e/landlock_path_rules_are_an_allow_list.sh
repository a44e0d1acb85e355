#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
[[landlock.path]]
path = "/open"
access = ["read", "write"]
[[fs]]
tmpfs = "/open"
[[fs]]
tmpfs = "/shut"
[[fs]]
file = "/note"
text = "hello"
END
run ./box -c 'echo x >/open/file && cat /open/file'
[[ $errors != *'lacks a right'* ]] || skip "$errors"
assert_status 0
assert_eq "$output" x
for refused in 'cat /note' 'ls /' ': >/shut/file' 'mkdir /shut/dir' 'rm -r /usr/none /shut/none; ls /shut'; do
  run ./box -c "$refused"
  [[ $status != 0 ]] || fail 'the program could do it'
  assert_contains "$errors" 'Permission denied'
done
