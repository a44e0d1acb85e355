#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# net-bind-service is 10, net-raw 13: the program and what it executes have these in every set, the bounding set too, and nothing else.
shell_profile box <<'END'
[capabilities]
keep = ["net-bind-service", "net-raw"]
[namespaces]
network = "loopback"
[[fs]]
proc = "/proc"
END
run_ok ./box -c 'grep -E "^Cap" /proc/self/status | tr "\t" " "; grep -E "^Cap(Prm|Eff|Amb)" /proc/1/status | tr "\t" " "'
assert_eq "$output" 'CapInh: 0000000000002400
CapPrm: 0000000000002400
CapEff: 0000000000002400
CapBnd: 0000000000002400
CapAmb: 0000000000002400
CapPrm: 0000000000000000
CapEff: 0000000000000000
CapAmb: 0000000000000000'
run_ok ./box -c 'exec /usr/bin/python3 -I -c "import socket; socket.socket().bind((\"127.0.0.1\", 80)); socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print(\"bound\")"'
assert_eq "$output" bound
