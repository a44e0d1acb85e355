#!/usr/bin/env bash
# The probe kit of tests/probes: every probe in a strict sandbox and in a lax place, as root and as the ordinary user.
. "$IMMURE_SOURCE/tests/e2e/common.sh"
as_root || skip 'root runs them as both'

run python3 "$IMMURE_SOURCE/tests/probes/probes.py" "$IMMURE" /kit/probe
tail -n 3 <<<"$output"
assert_status 0
