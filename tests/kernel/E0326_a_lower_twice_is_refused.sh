#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a b
rule E0326 '{ overlay = "/o", lower = ["@/a", "@/b", "@/a"] }'
refused 'Too many levels of symbolic links'
