#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# As on a kernel before 6.12: a network namespace of its own keeps abstract sockets of the host out all the same.
box() {
  shell_profile "$1" <<END
[namespaces]
network = "$2"
$3
END
}
box own none ''
box shared host ''
box unscoped host $'[landlock]\nscope = ["signal"]'
box accepted host ''
sed -i '1a weaken = ["landlock-scopes"]' accepted.toml
run_ok "$IMMURE" build accepted.toml -o accepted
outer_sandbox <<END
[seccomp]
presets = []
[[seccomp.rule]]
syscalls = ["landlock_create_ruleset"]
action = "ENOSYS"
[[fs]]
bind = "/work"
from = "$work"
END
for name in own unscoped accepted; do
  run_ok ./around -c "/work/$name -c 'echo ran'"
  assert_eq "$output" ran "$name"
done
run ./around -c '/work/shared -c "echo ran"'
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" "shared: this kernel's Landlock cannot keep abstract sockets of the host out"
