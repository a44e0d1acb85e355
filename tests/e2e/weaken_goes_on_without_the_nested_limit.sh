#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Around the launcher is a /proc whose controls are read-only, as in a container: the limit cannot be set. Then something else has to shut the door, or the profile says that it may stay open.
presets() {
  shell_profile "$1" <<END
[process]
status-fd = 9
[seccomp]
presets = [$2]
END
}
presets shut '"deny-ns"'
presets open '"deny-tty"'
presets accepted '"deny-tty"'
sed -i '1a weaken = ["nested-limit"]' accepted.toml
run_ok "$IMMURE" build accepted.toml -o accepted
outer_sandbox <<END
[seccomp]
enabled = false
[[fs]]
bind = "/proc/sys"
from = "/proc/sys"
[[fs]]
bind = "/work"
from = "$work"
END
inside() { run ./around -c "/work/$1 -c 'echo ran' 9>&2"; }
inside shut
assert_eq "$output" ran
assert_matches "$errors" '"missing":\[[^]]*"nested-limit"'
assert_lacks "${errors%%missing*}" nested-limit enforced

inside accepted
assert_eq "$output" ran
assert_matches "$errors" '"missing":\[[^]]*"nested-limit"'

inside open
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" 'open: cannot limit nested user namespaces `/proc/sys/user/max_user_namespaces`: Read-only file system (it cannot be written here, and the filter does not deny namespaces: use the preset `deny-ns`, or accept it: `weaken = ["nested-limit"]`)'
