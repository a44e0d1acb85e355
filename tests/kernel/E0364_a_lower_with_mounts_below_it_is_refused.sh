#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

own_mounts
directories a b/deep/mount
mount -t tmpfs tmpfs b/deep/mount
rule E0364 '{ overlay = "/o", lower = ["@/a", "@/b"] }'
refused 'Invalid argument'
