#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

run_ok "$IMMURE" init
for template in shell python build-step server desktop agent; do
  assert_contains "$output" "$template"
done
for template in shell python build-step server desktop agent; do
  mkdir "$template"
  (
    cd "$template"
    run_ok "$IMMURE" init "$template"
    file=$(echo ./*.toml)
    assert_contains "$output" "${file#./}"
    assert_lacks "$(<"$file")" '#:schema' 'a line about a schema that is not there'
    run_ok "$IMMURE" check --deny-warnings "$file"
    assert_eq "$output$errors" '' "what check says of the template $template"
    run_ok "$IMMURE" build "$file" -o launcher
    run_ok "$IMMURE" init "$template" -o -
    assert_eq "$output" "$(<"$file")" 'what -o - writes'

    # What is there is somebody's work.
    echo mine >"$file"
    run "$IMMURE" init "$template"
    assert_status 2
    assert_contains "$errors" 'overwrites nothing'
    assert_eq "$(<"$file")" mine
    ln -s nowhere dangling.toml
    run "$IMMURE" init "$template" -o dangling.toml
    assert_status 2
    assert_missing nowhere
  )
done
cd shell
run_ok "$IMMURE" init shell -o mine.toml
run_ok "$IMMURE" run mine.toml -- -c 'echo inside'
assert_eq "$output" inside
run "$IMMURE" init shel
assert_status 2
assert_contains "$errors" 'did you mean `shell`'
run "$IMMURE" init shell -o no/such/place.toml
assert_status 2
