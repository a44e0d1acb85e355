#!/usr/bin/env bash
# Without user xattrs (tmpfs before 6.6) the kernel mounts all the same, and then answers EIO to what needs them: removing a directory of a lower layer, making it
# again. What cannot work is refused before the program runs.
. "$IMMURE_SOURCE/tests/kernels/lib/kernel.bash"

# overlay PLACE LINES: an overlay with the rest of its entry.
overlay() {
  mkdir -p "$1/lower/directory" "$1/upper" "$1/work"
  : >"$1/lower/directory/file"
  shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ["$1/lower"]
$2
END
  run ./box -c 'rm -r /merged/directory && mkdir /merged/directory && ls -A /merged/directory'
}
refused_on_tmpfs() {
  if [[ $series == 6.1 ]]; then
    assert_status 125
    assert_one_error_line
    assert_contains "$errors" "box.toml:$(line_of box 'overlay =')"
    assert_contains "$errors" '6.6'
  else
    assert_status 0
    assert_eq "$output" ''
  fi
}

memory=/dev/shm/case.$$
overlay "$memory" "upper = \"$memory/upper\"
work = \"$memory/work\""
chmod -R u+rwx "$memory"  # the kernel makes directories without rights in the work directory
rm -rf "$memory"
refused_on_tmpfs
overlay "$work/memory" 'ephemeral = true'
refused_on_tmpfs
disk=$work/disk
overlay "$disk" "upper = \"$disk/upper\"
work = \"$disk/work\""
assert_status 0
assert_eq "$output" ''
