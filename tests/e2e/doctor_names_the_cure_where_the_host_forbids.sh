#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A host that forbids user namespaces, for all that is started in here. The limit is the one of the namespace that unshare makes.
forbidden() { unshare --user --map-root-user bash -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' bash "$@"; }
run forbidden true
[[ $status == 0 ]] || skip "the limit of user namespaces cannot be set here: $errors"
run forbidden "$IMMURE" doctor
assert_status 1
assert_contains "$output" 'missing  user namespaces: refused: No space left on device'
assert_contains "$output" 'user.max_user_namespaces'
assert_contains "$output" 'no launcher runs here'
run forbidden "$IMMURE" doctor --json
assert_status 1
assert_contains "$output" '"able": false'

# A container that covers a part of /proc: everything but a fresh proc works.
masked() { unshare --user --map-root-user --mount --pid --fork bash -c 'mount -t proc proc /proc && mount -t tmpfs none /proc/irq && exec "$@"' bash "$@"; }
run masked "$IMMURE" doctor
assert_status 0
assert_contains "$output" 'limited  proc: Operation not permitted'
assert_contains "$output" 'optional = true'

# A filter that forbids namespaces altogether, as container engines have: the launcher's own does.
shell_profile inside <<END
[[fs]]
bind = "/opt/immure"
from = "$IMMURE"
[[fs]]
proc = "/proc"
[[fs]]
tmpfs = "/tmp"
END
run ./inside -c 'exec /opt/immure doctor'
assert_status 1
assert_contains "$output" 'missing  user namespaces: refused: Operation not permitted'
assert_contains "$output" 'the container or the filter around this forbids them'
