#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A rule is about what the program sees: the merged directory of an overlay, and not the layers that it is made of.
mkdir -p layer/{open,shut} other
echo merged | tee layer/open/file >layer/shut/file
shell_profile box <<END
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
[[landlock.path]]
path = "/open"
access = ["read", "write"]
[[landlock.path]]
path = "/merged/open"
access = ["read"]
[[fs]]
overlay = "/merged"
lower = ["$work/layer", "$work/other"]
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
run_ok ./box -c 'cat /merged/open/file'
assert_eq "$output" merged
for refused in 'cat /note' 'cat /merged/shut/file' 'ls /' ': >/shut/file' 'mkdir /shut/dir' 'rm -r /usr/none /shut/none; ls /shut'; do
  run ./box -c "$refused"
  [[ $status != 0 ]] || fail 'the program could do it'
  assert_contains "$errors" 'Permission denied'
done
