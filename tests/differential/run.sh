#!/usr/bin/env bash
# One run of the differential test as whoever runs this: COUNT, SEED and FIRST come from IMMURE_COUNT, IMMURE_SEED and IMMURE_FIRST.
. "${BASH_SOURCE[0]%/*}/../e2e/common.sh"
"$IMMURE_DIFFERENTIAL" "${IMMURE_COUNT:-200}" "${IMMURE_SEED:-1}" "${IMMURE_FIRST:-0}"
