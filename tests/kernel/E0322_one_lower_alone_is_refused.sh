#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a
rule E0322 '{ overlay = "/o", lower = ["@/a"] }'
refused 'Invalid argument'
