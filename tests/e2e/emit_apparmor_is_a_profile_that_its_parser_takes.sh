#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

run_ok "$IMMURE" emit apparmor "$IMMURE_SOURCE/examples/shell.toml" -o default
run_ok "$IMMURE" emit apparmor --attach '/opt/my {apps}/sh*ell' "$IMMURE_SOURCE/examples/shell.toml" -o attached
assert_contains "$(<default)" 'profile immure-shell /usr/{,local/}bin/shell flags=(unconfined)'
grep -q '^  userns,$' default || fail 'no right to make user namespaces'

# Parsers before 4.0 (Debian 12) do not know the rule `userns`; there the rest is judged.
major=$(apparmor_parser --version | grep -o '[0-9]*\.' | head -n 1)
for profile in default attached; do
  if ((${major%.} < 4)); then
    echo "this parser is older than the rule userns: it judges the rest"
    sed -i -e '/^  userns,$/d' -e 's|abi/4.0|abi/3.0|' "$profile"
  fi
  run_ok apparmor_parser --skip-kernel-load --skip-cache "$profile"
  run_ok apparmor_parser --names "$profile"
  assert_contains "$output" 'immure-shell'
done
sed -i 's/flags=(unconfined)/flags=(nonsense)/' default
run apparmor_parser --skip-kernel-load --skip-cache default
[[ $status != 0 ]] || fail 'the parser takes anything'
