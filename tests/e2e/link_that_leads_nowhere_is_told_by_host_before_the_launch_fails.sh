#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p layer other
ln -s /nowhere layer/dangling
ln -s round layer/round

# refused ENTRIES...: `check --host` says E0311, once, and the launch fails at the same entry.
refused() {
  printf 'immure = 1\nextends = ["immure:system"]\nfs = [\n%s\n]\n[program]\npath = "/bin/true"\n' "$1" >p.toml
  run "$IMMURE" check --host p.toml
  assert_status 1
  assert_contains "$errors" 'error[E0311]'
  assert_contains "$errors" '1 error'
  run_ok "$IMMURE" build p.toml -o p
  run ./p
  assert_status 125
  assert_contains "$errors" "p.toml:$2: "
  rm -f layer/own
}

layers="{ overlay = '/m', lower = ['$work/layer', '$work/other'] },"
thrown_away="{ overlay = '/m', lower = ['$work/layer'], ephemeral = true },"
bind="{ bind = '/d', from = '$work/layer', write = true },"
refused "$layers"$'\n'"{ tmpfs = '/m/dangling' }" 5
if linux_is_from 6.6; then  # before, a tmpfs has no user xattrs, and an ephemeral overlay is refused for that
  refused "$thrown_away"$'\n'"{ tmpfs = '/m/dangling' }" 5
  refused "$thrown_away"$'\n'"{ dir = '/m/dangling' }" 5
  refused "$thrown_away"$'\n'"{ remount = '/m/dangling', readonly = true }" 5
fi
refused "$bind"$'\n'"{ remount = '/d/dangling', readonly = true }" 5
refused "$bind"$'\n'"{ tmpfs = '/d/round' }" 5
refused "$bind { symlink = '/l', to = '/d/none' },"$'\n'"{ tmpfs = '/l', create = true }" 5
refused "$bind { symlink = '/d/own', to = 'none', create = true },"$'\n'"{ tmpfs = '/d/own/x', create = true }" 5

# What stands there is told by the launcher, too: nothing is missing.
printf 'immure = 1\nextends = ["immure:system"]\nfs = [%s { symlink = "/d/file", to = "x" }]\n[program]\npath = "/bin/true"\n' "$bind" >p.toml
: >layer/file
run "$IMMURE" check --host p.toml
assert_contains "$errors" "error[E0361]: this host has a \`$work/layer/file\`, so no link can be made at \`/d/file\`"
run_ok "$IMMURE" build p.toml -o p
run ./p
assert_status 125
assert_contains "$errors" 'something stands where this would be made on the host: `/d/file`'
sed -i 's|to = "x"|to = "x", create = true|' p.toml
run_ok "$IMMURE" build p.toml -o p
run ./p
assert_status 125
assert_contains "$errors" 'cannot make the link to `x`: File exists'
