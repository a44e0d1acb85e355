#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/shell.toml" .
mkdir small
cat >full <<'END'
mount -t tmpfs -o size=4k full small
"$IMMURE" build shell.toml -o small/shell
status=$?
ls -A small
exit $status
END
run unshare --user --map-root-user --mount bash full
assert_status 2
assert_eq "$output" '' 'what is left'
assert_contains "$errors" 'no space left on device'
