#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

run "$IMMURE" doctor
assert_status 0
assert_contains "$output" 'launchers run here'
assert_contains "$output" 'user namespaces: allowed'
if as_root; then
  assert_contains "$output" 'run-as'
else
  assert_contains "$output" "user $(id -u)"
fi
# It found what a launch finds, and left nothing behind.
shell_profile overlay <<'END'
[[fs]]
overlay = "/mnt"
lower = ["/usr/lib"]
ephemeral = true
END
run_ok ./overlay -c 'echo x >/mnt/new'
run "$IMMURE" doctor
assert_contains "$output" 'ok       overlay:'
assert_missing /tmp/lower

run_ok "$IMMURE" doctor --json
cp .out facts.json
run_ok python3 - <<'END'
import json
report = json.load(open("facts.json"))
assert report["version"] == 1 and report["able"] is True
assert {"kernel", "user namespaces", "proc", "overlay", "Landlock", "seccomp", "cgroup", "groups", "caller"} <= {fact["name"] for fact in report["facts"]}
for fact in report["facts"]:
    assert fact["state"] in ("ok", "limited", "missing") and fact["finding"]
END

# A profile is judged on this host.
run_ok "$IMMURE" doctor overlay.toml
printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/there-is-no-such-program"' >missing.toml
run_ok "$IMMURE" check missing.toml
run "$IMMURE" doctor missing.toml
assert_status 1
assert_contains "$errors" E0301
