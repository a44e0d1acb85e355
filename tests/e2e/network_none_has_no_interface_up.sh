#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box </dev/null
run_ok ./box -c '
import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _, name in socket.if_nameindex():
    flags = struct.unpack("16xH", fcntl.ioctl(s, 0x8913, struct.pack("16s16x", name.encode()))[:18])[0]
    print(name, "up" if flags & 1 else "down")
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as e:
    print(e.strerror)
'
assert_contains "$output" 'Network is unreachable'
assert_contains "$output" 'lo down'
assert_lacks "$output" ' up'
