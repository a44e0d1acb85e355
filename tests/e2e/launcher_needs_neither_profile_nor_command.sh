#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[[fs]]
file = "/etc/config"
text = "embedded"
END
mkdir elsewhere
mv box elsewhere/renamed
rm box.toml
cd elsewhere
run_ok env -i ./renamed -c 'cat /etc/config'
assert_eq "$output" embedded
