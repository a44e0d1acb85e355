#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a up
rule E0323 '{ overlay = "/o", lower = ["@/a"], upper = "@/up" }'
refused
