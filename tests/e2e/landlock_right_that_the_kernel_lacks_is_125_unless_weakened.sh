#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The kernel without Landlock is made by the filter of a sandbox around the launcher.
rules() {
  shell_profile "$1" <<END
[process]
status-fd = 9
[landlock]
on-missing = "$2"
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
END
}
rules strict fail
rules weak weaken
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
run ./around -c '/work/strict -c "echo ran" 9>&2'
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" "strict: this kernel has no Landlock for the profile's rules (enable it, or say \`on-missing = \"weaken\"\`)"
run_ok ./around -c '/work/weak -c "echo ran" 9>&2'
assert_eq "$output" ran
assert_contains "$errors" '"missing":["landlock-scopes","landlock-rules"'
