#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

write_box '{ tmpfs = "/t", size = 0 }'
assert_says E0225

# The kernel takes both for no limit: a filesystem without a number of blocks.
for size in 0 16E; do
  rule - '{ tmpfs = "/t", size = "4KiB" }' --tmpfs "size=$size"
  inside 'stat -f -c %b /t; head -c 100000 /usr/bin/bash >/t/file; stat -c %s /t/file'
  assert_eq "$output" $'0\n100000' "blocks and bytes with size=$size"
done
