#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# One ends when it is asked, one has to be killed, a second later. Nothing else may linger, and what the program left behind does not wait for them.
name=served$$
mkdir shared
shell_profile "$name" <<END
[process]
linger = "0s"
[[daemon]]
path = "/bin/sh"
args = ["-c", "trap 'echo asked >>/shared/log; exit' TERM; : >/run/polite; while :; do sleep 0.05; done"]
ready = "/run/polite"
[[daemon]]
path = "/bin/sh"
args = ["-c", "trap 'echo ignored >>/shared/log' TERM; : >/run/stubborn; while :; do sleep 0.05; done"]
ready = "/run/stubborn"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
END
begin=${EPOCHREALTIME/./}
run "./$name" -c 'exit 5'
took=$(((${EPOCHREALTIME/./} - begin) / 1000))
assert_status 5
assert_eq "$(sort shared/log)" $'asked\nignored'
((took >= 1000)) || fail "the second was not given its second: $took ms"
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
