#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p profiles elsewhere
one='immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/true"
[[fs]]
tmpfs = "/tmp"
size = 5000'
echo "$one" >profiles/one.toml
run_ok "$IMMURE" check --deny-warnings --write-baseline known.json profiles
run_ok "$IMMURE" check --deny-warnings --baseline known.json profiles
assert_contains "$errors" '1 in the baseline'
assert_lacks "$errors" W0331

# What moves stays known, wherever the check is started; a second one of its kind is new.
printf '# a line more\n%s\n' "$one" >profiles/one.toml
(cd elsewhere && "$IMMURE" check --deny-warnings --baseline ../known.json ../profiles) || fail 'the finding that moved is not known'
printf '%s\n[[fs]]\ntmpfs = "/run"\nsize = 5000\n' "$one" >profiles/one.toml
run "$IMMURE" check --deny-warnings --baseline known.json profiles
assert_status 1
assert_contains "$errors" '1 profile: 1 warning, 1 in the baseline'

# What is mended should leave the baseline.
sed -i '/^size/d' profiles/one.toml
run_ok "$IMMURE" check --baseline known.json profiles
assert_contains "$errors" '1 of the baseline are mended'

# sys-admin is nobody's to get used to.
printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/true"' '[capabilities]' 'keep = ["sys-admin"]' >profiles/one.toml
run_ok "$IMMURE" check --write-baseline known.json profiles
run "$IMMURE" check --deny-warnings --baseline known.json profiles
assert_status 1
run_ok "$IMMURE" check --deny-warnings --allow W0340 profiles

echo '{"version": 7}' >known.json
run "$IMMURE" check --baseline known.json profiles
assert_status 2
run "$IMMURE" check --baseline missing.json profiles
assert_status 2
