#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

abi=$(python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, 0, 0, 1))')
((abi >= 4)) || skip "Landlock here has ABI $abi: port rules are from 4 on"
python_profile box <<'END'
[namespaces]
network = "loopback"
[[landlock.port]]
port = 7001
access = ["bind-tcp"]
[[landlock.port]]
port = 7002
access = ["bind-tcp", "connect-tcp"]
END
run_ok ./box -c '
import errno, socket
def attempt(what, action):
    try: action(); print(what, "yes")
    except OSError as problem: print(what, errno.errorcode[problem.errno])
listeners = []
def listen(port):
    listener = socket.socket(); listeners.append(listener)
    listener.bind(("127.0.0.1", port)); listener.listen()
def connect(port): socket.create_connection(("127.0.0.1", port)).close()
for port in 7001, 7002, 7003: attempt("bind %d" % port, lambda: listen(port))
for port in 7001, 7002: attempt("connect %d" % port, lambda: connect(port))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(("127.0.0.1", 7003)))
print(open("/usr/bin/env", "rb").read(3))  # files are not what these rules are about'
assert_eq "$output" "bind 7001 yes
bind 7002 yes
bind 7003 EACCES
connect 7001 EACCES
connect 7002 yes
udp yes
b'\\x7fEL'"
