#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

rule E0320 '{ overlay = "/o", lower = [], ephemeral = true }'
refused 'no lower directory'
