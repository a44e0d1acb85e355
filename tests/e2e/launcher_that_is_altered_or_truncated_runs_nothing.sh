#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
tmpfs = "/tmp"
END
size=$(stat -c %s box)
read -r offset length < <(readelf -SW box | sed -n 's/.* \.immure  *PROGBITS  *[0-9a-f]* \([0-9a-f]*\) \([0-9a-f]*\) .*/\1 \2/p')
offset=$((16#$offset)) length=$((16#$length))
((offset > 0 && length > 500)) || fail 'the plan was not found'

# One byte at a time, all through the plan.
for ((at = offset; at < offset + length; at += length / 40)); do
  cp box broken
  byte=$(od -An -tu1 -j "$at" -N 1 box)
  printf '%b' "\\x$(printf %02x $((byte ^ 0x41)))" | dd of=broken bs=1 seek="$at" conv=notrunc status=none
  run ./broken -c 'echo started'
  assert_status 125
  assert_eq "$output" '' "standard output with byte $((at - offset)) of the plan altered"
  assert_one_error_line
done
# Cut short. Within the plan's last page the kernel fills up with zeros, and the launcher must see it; earlier the kernel may end the process.
for ((keep = offset / 2; keep < size && keep < offset + length; keep += length / 7 + 1)); do
  head -c "$keep" box >broken
  chmod +x broken
  run env ./broken -c 'echo started'
  [[ $output != *started* && $status != 0 ]] || fail "$keep bytes of $size: it started"
done
head -c $((offset + length - 1)) box >broken
run ./broken -c 'echo started'
assert_status 125
assert_eq "$output" '' 'standard output without the last byte'
assert_one_error_line
