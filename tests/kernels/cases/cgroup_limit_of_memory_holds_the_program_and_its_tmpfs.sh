#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

new_group box
echo 32M >"$group/memory.max"
python_profile box <<END
[cgroup]
path = "$group"
[[fs]]
tmpfs = "/tmp"
END
run ./box -c 'print(len(bytearray(8 << 20)))'
assert_status 0
assert_eq "$output" 8388608
run ./box -c 'print(len(b"x" * (64 << 20)))'
assert_status 137
assert_eq "$output" ''
# What is written to a filesystem in memory is the cgroup's as well, whatever the size of that filesystem.
run ./box -c 'open("/tmp/file", "wb").write(b"x" * (16 << 20)); open("/tmp/other", "wb").write(open("/tmp/file", "rb").read())'
assert_status 137
assert_contains "$(<"$group/memory.events")" 'oom_kill 2'
