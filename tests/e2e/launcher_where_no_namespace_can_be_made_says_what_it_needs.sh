#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Shipped into a bare directory and started by chroot(8): the kernel makes no user namespace in a chroot (user_namespaces(7), EPERM).
build_profile shipped <<'END'
immure = 1
[program]
path = "/app/program"
[[fs]]
bind = "/app"
END
mkdir bare
cp shipped bare/
run unshare --user --map-root-user chroot bare /shipped
assert_status 125
assert_one_error_line
assert_contains "$errors" 'shipped: cannot start init in new namespaces: Operation not permitted'
assert_contains "$errors" 'a chroot(2)'

# Without /proc nobody can say which ids are whose.
run unshare --user --map-root-user --mount bash -c 'mount -t tmpfs none /proc && exec ./shipped'
assert_status 125
assert_eq "$errors" 'shipped: cannot open `/proc/self/uid_map`: No such file or directory (/proc must be mounted)'
