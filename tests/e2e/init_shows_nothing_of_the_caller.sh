#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Its environment and memory cannot be read, its command line is wiped, and none of its links can be followed.
shell_profile box <<'END'
[[fs]]
proc = "/proc"
END
export SECRET_OF_THE_CALLER=1
run_ok ./box -c '
tr "\0" "\n" </proc/1/cmdline
for name in environ mem maps auxv stack; do
  if head -c 1 /proc/1/$name >/dev/null 2>&1; then echo "$name could be read"; fi
done
for name in root cwd exe fd/0 ns/mnt; do
  if readlink /proc/1/$name; then echo "$name could be followed"; fi
done
exit 0' "$work/an argument of the caller"
assert_lacks "$output" caller
assert_lacks "$output" "$work"
assert_lacks "$output" could
run_ok ./box -c 'tr -d "\0" </proc/1/cmdline | wc -c'
assert_eq "$output" 0 'bytes of the command line of init'
