#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# What is at /dev/null of the outer system is covered here, as a hostile container might have it.
shell_profile box <<'END'
[[fs]]
dev = "/dev"
END

cat >covered <<'END'
echo fake >fake
mount --bind fake /dev/null
./box -c 'echo started'
END
run unshare --user --map-root-user --mount bash covered
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "box.toml:$(line_of box dev)"
