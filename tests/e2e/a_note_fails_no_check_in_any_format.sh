#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/bin/true"\n[[seccomp.rule]]\nsyscalls = ["bpf", "chown32"]\naction = "EACCES"\n' >box.toml
run_ok "$IMMURE" check --deny-warnings box.toml
assert_contains "$errors" 'note[N0401]: `chown32` is a call of `i386` and `arm`; there is none on `x86_64`'
assert_contains "$errors" '1 note'
run_ok "$IMMURE" check --deny-warnings --format json box.toml
assert_eq "$(python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["notes"], d["warnings"], d["errors"], *[(x["severity"], x["class"]) for x in d["diagnostics"]])' <<<"$output")" \
  "1 0 0 ('note', 'remark')"
run_ok "$IMMURE" check --deny-warnings --format sarif box.toml
assert_eq "$(python3 -c 'import json, sys; print(*[r["level"] for r in json.load(sys.stdin)["runs"][0]["results"]])' <<<"$output")" note
run_ok "$IMMURE" check --deny-warnings --format github box.toml
assert_contains "$output" '::notice file=box.toml,line=6,'
# It may be silenced like a warning.
run_ok "$IMMURE" check --allow N0401 box.toml
assert_eq "$errors" ''
sed 's/^syscalls.*/&  # immure: allow N0401 -- for the builds of i386/' box.toml >meant.toml
run_ok "$IMMURE" check --deny-warnings meant.toml
assert_eq "$errors" ''
# Another target has the call, or other calls that it has not.
run_ok "$IMMURE" emit bpf --target aarch64 -o out.bpf box.toml
assert_contains "$errors" 'there is none on `aarch64`'
