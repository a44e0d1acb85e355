#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir open closed
profile() {
  printf 'immure = 1\nextends = ["immure:system"]\nfs = [{ bind = "/data", from = "%s", write = true }]\n[program]\npath = "/bin/true"\n' "$work/open" >"$1"
}

# The profile lies there: `check --host` and `run` say so, and `check`, which answers everywhere alike, does not.
profile open/in.toml
run_ok "$IMMURE" check --host open/in.toml
assert_contains "$output$errors" "warning[W0362]: the program may write the profile itself, \`$work/open/in.toml\`"
run_ok "$IMMURE" check open/in.toml
assert_lacks "$output$errors" W0362
run_ok "$IMMURE" run open/in.toml
assert_contains "$errors" W0362

# The launcher is put there, by whatever name; a warning keeps none from being built.
profile closed/out.toml
ln -s open other
for place in open/box other/box "$work/open/box"; do
  run_ok "$IMMURE" build closed/out.toml -o "$place"
  assert_contains "$errors" "the program may write the launcher itself, \`$work/open/box\`"
done
run_ok "$IMMURE" build closed/out.toml -o closed/box
assert_lacks "$errors" W0362
run_ok "$IMMURE" check --host closed/out.toml
assert_lacks "$output$errors" W0362

# The writable directory by another name.
sed 's|/open"|/other"|' open/in.toml >open/named.toml
run_ok "$IMMURE" check --host open/named.toml
assert_contains "$output$errors" "warning[W0362]: the program may write the profile itself, \`$work/open/named.toml\`"
