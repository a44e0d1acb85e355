#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a
: >file
rule E0361 '{ overlay = "/o", lower = ["@/a", "@/file"] }'
refused
