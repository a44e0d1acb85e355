#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

abi=$(python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, 0, 0, 1))')
((abi >= 4)) || skip "Landlock here has ABI $abi: port rules are from 4 on"
rules='[namespaces]
network = "loopback"
[[landlock.port]]
port = 7001
access = ["bind-tcp", "connect-tcp"]'
look='
import errno, socket
MPTCP = 262
def attempt(what, action):
    try: action(); print(what, "yes")
    except OSError as problem: print(what, errno.errorcode[problem.errno])
def listen(port, protocol):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as listener:
        listener.bind(("127.0.0.1", port)); listener.listen()
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as caller: caller.connect(("127.0.0.1", port))
attempt("tcp 7001", lambda: listen(7001, 0))
attempt("tcp 7003", lambda: listen(7003, 0))
attempt("mptcp 7003", lambda: listen(7003, MPTCP))
attempt("mptcp on 6", lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM, MPTCP).close())
def datagram(family): socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, 17 if family != socket.AF_UNIX else 0).close()
for family in socket.AF_INET, socket.AF_INET6, socket.AF_UNIX: attempt("datagrams of " + family.name, lambda: datagram(family))'

# The rules as the reference gives them.
run_ok "$IMMURE" explain landlock.port
profile="$rules
[[seccomp.rule]]
syscalls = [\"@io-uring\"]
action = \"ENOSYS\""
for family in AF_INET AF_INET6; do
  for test in '{ index = 2, op = "eq", value = 262 }' '{ index = 1, op = "masked-eq", mask = 15, value = 2 }'; do
    assert_contains "$output" "$test" 'what the reference says'
    profile+="
[[seccomp.rule]]
syscalls = [\"socket\"]
args = [{ index = 0, op = \"eq\", value = \"$family\" }, $test]
action = \"EPROTONOSUPPORT\""
  done
done
python_profile closed <<<"$profile"
run_ok "$IMMURE" check closed.toml
assert_eq "$output$errors" '' 'what is said of the rules'
run_ok ./closed -c "$look"
assert_eq "$output" $'tcp 7001 yes\ntcp 7003 EACCES\nmptcp 7003 EPROTONOSUPPORT\nmptcp on 6 EPROTONOSUPPORT\ndatagrams of AF_INET EPROTONOSUPPORT\ndatagrams of AF_INET6 EPROTONOSUPPORT\ndatagrams of AF_UNIX yes'

# And what they are for.
python_profile open <<<"$rules"
run_ok ./open -c "$look"
case $output in
  *'mptcp 7003 EPROTONOSUPPORT'* | *'mptcp 7003 ENOPROTOOPT'*) skip 'this kernel has no MPTCP' ;;
  *'mptcp 7003 EACCES'*) skip "this kernel's Landlock holds MPTCP like TCP (before Linux 6.14)" ;;
esac
# Without the lines about IPv6, which a host may lack.
assert_eq "$(grep -v -e 'on 6' -e INET6 <<<"$output")" $'tcp 7001 yes\ntcp 7003 EACCES\nmptcp 7003 yes\ndatagrams of AF_INET yes\ndatagrams of AF_UNIX yes'
