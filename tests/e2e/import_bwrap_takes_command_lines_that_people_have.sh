#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Each script in import/ has what comes of it beside it: the profile, and the diagnostics. `UPDATE=1` rewrites them; read the difference.
here=$IMMURE_SOURCE/tests/e2e/import
for script in "$here"/*.sh; do
  name=$(basename "$script" .sh)
  cp "$script" .
  run_ok "$IMMURE" import bwrap "$name.sh" -o "$name.toml"
  printf '%s\n' "$errors" >"$name.diagnostics"
  for made in "$name.toml" "$name.diagnostics"; do
    if [[ -n ${UPDATE:-} ]]; then cp "$made" "$here/$made"; fi
    diff "$here/$made" "$made" || fail "$name gives something else"
  done
  run "$IMMURE" check "$name.toml"
  assert_status 0
done

echo 'podman run --rm debian' >other.sh
run "$IMMURE" import bwrap other.sh
assert_status 1
assert_contains "$errors" 'error[E0601]'
for text in '' 'bwrap' 'bwrap --bind' 'bwrap "' 'bwrap $(' '(((bwrap <<' $'bwrap --bind \x01\xff /' 'bwrap --setenv a'; do
  printf '%s' "$text" >odd.sh
  run "$IMMURE" import bwrap odd.sh
  ((status <= 1)) || fail "\`$text\` is more than it can take"
done
