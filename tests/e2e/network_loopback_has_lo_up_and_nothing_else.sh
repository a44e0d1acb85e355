#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[namespaces]
network = "loopback"
END
run_ok ./box -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
server.accept()[0].send(b"through lo")
print(client.recv(100).decode())
try:
    socket.create_connection(("192.0.2.1", 9), 1)
except OSError as e:
    print(e.strerror)
'
assert_eq "$output" $'through lo\nNetwork is unreachable'
