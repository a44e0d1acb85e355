#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=late$$
shell_profile "$name" <<'END'
[[daemon]]
path = "/bin/sleep"
args = ["1000"]
ready = "/run/ready"
timeout = "300ms"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
END
begin=${EPOCHREALTIME/./}
run "./$name" -c 'echo ran'
took=$(((${EPOCHREALTIME/./} - begin) / 1000))
assert_status 125
assert_eq "$output" ''
assert_eq "$errors" "$name: $name.toml:$(line_of "$name" '/bin/sleep'): daemon \`/bin/sleep\`: it was not ready in time: there is still no \`/run/ready\` (\`timeout\` says how long it may take)"
((took >= 300)) || fail "it took $took ms only"
sandbox_is_gone() { no_process_named "$name"; }
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
