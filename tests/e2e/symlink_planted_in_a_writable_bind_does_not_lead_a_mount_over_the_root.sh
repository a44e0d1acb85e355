#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The program of an earlier run plants a link to the sandbox's own root where a later op mounts. What is mounted over the root would hide all of the sandbox from the launcher: it
# says so, instead of looking for the program in an empty place (127).
mkdir -p shared/place source
touch shared/file
for op in "tmpfs = '/data/place'" "bind = '/data/place', from = '$work/source'" "overlay = '/data/place', lower = ['$work/source', '/usr']" "proc = '/data/place'" \
  "dev = '/data/place'" "etc = '/data/place', from = '$work/source'"; do
  {
    printf 'immure = 1\nextends = ["immure:system"]\nfs = [\n{ bind = "/data", from = "%s/shared", write = true },\n' "$work"
    printf '{ %s },\n]\n[program]\npath = "/bin/true"\n' "$op"
  } | build_profile box
  for to in / ../../.. /proc/1/root/; do
    rm -rf shared/place
    ln -s "$to" shared/place
    run ./box
    assert_status 125
    assert_one_error_line
    assert_contains "$errors" "box.toml:5: "
    [[ $to == /proc* ]] || assert_contains "$errors" 'a symbolic link leads this target to the root itself: `/data/place`'
  done
done
