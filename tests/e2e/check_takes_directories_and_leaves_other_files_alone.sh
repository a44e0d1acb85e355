#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Several profiles with something to say, below a directory with what is none of our business.
mkdir -p tree/a/.hidden tree/b
sound='immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/true"'
echo "$sound" >tree/a/sound.toml
printf '%s\n[[fs]]\ntmpfs = "/tmp"\nsize = 5000\n' "$sound" >tree/b/warns.toml
printf '%s\nargz = []\n' "$sound" >tree/b/errs.toml
printf 'immure = 1\n[[fs]]\ntmpfs = "/run"\nsize = 5000\n' >tree/base.toml
printf '%s\n' 'immure = 1' 'extends = ["immure:system", "base.toml"]' '[program]' 'path = "/usr/bin/true"' >tree/extends.toml
printf '%s\n' 'immure = 1' 'extends = ["immure:system", "../base.toml"]' '[program]' 'path = "/usr/bin/true"' >tree/b/too.toml
printf '[package]\nimmure = 1\n' >tree/Cargo.toml
printf 'this is [ not TOML' >tree/broken.toml
echo 'immure = 2' >tree/a/.hidden/out-of-sight.toml
echo 'immure = 2' >tree/notes.txt
ln -s .. tree/b/up

run "$IMMURE" check tree
assert_status 1
assert_contains "$errors" '5 profiles and 1 fragment: 1 error, 2 warnings'
assert_eq "$(grep -c 'base.toml:4' <<<"$errors")" 1 'how often the warning of the shared fragment is said'
assert_eq "$(sed -n 's/^ *--> //p' <<<"$errors")" $'tree/b/errs.toml:5:1\ntree/b/../base.toml:4:8\ntree/b/warns.toml:7:8' 'places in order'
run_ok "$IMMURE" check tree/a
assert_eq "$errors" '1 profile: clean'
run "$IMMURE" check --deny-warnings tree/extends.toml
assert_status 1

# Named files are meant, whatever they are, unless the caller says otherwise.
run "$IMMURE" check tree/Cargo.toml
assert_status 1
run_ok "$IMMURE" check --skip-others tree/Cargo.toml tree/broken.toml tree/a/sound.toml
assert_eq "$errors" '1 profile: clean' 'of the one that is a profile'
run_ok "$IMMURE" check --skip-others tree/Cargo.toml

# A gate that looked at nothing is not open.
mkdir empty
run "$IMMURE" check empty
assert_status 2
assert_contains "$errors" 'no profile'
