#!/usr/bin/env bash
# One run of the differential test as whoever runs this: COUNT and SEED come from IMMURE_COUNT and IMMURE_SEED.
. "${BASH_SOURCE[0]%/*}/../e2e/common.sh"
"$IMMURE_DIFFERENTIAL" "${IMMURE_COUNT:-200}" "${IMMURE_SEED:-1}"
