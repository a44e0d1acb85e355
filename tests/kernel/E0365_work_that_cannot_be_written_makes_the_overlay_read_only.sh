#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root || skip 'only root can give a directory to somebody else'
chmod 0755 "$work"
directories a up work-directory
chown "$another:$another" a up
write_box '{ overlay = "/o", lower = ["@/a"], upper = "@/up", work = "@/work-directory" }'
chmod 0755 box.toml
install -m 0755 "$IMMURE" immure
run as_another ./immure check --host box.toml
assert_contains "$errors" '[E0365]'

# The kernel says nothing; the launcher looks.
run_ok "$IMMURE_UNCHECKED" box.toml -o box
run as_another ./box -c 'echo started'
assert_status 125
assert_contains "$errors" 'the kernel made the overlay read-only'
