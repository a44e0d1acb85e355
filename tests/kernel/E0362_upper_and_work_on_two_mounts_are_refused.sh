#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

own_mounts
directories a up work-directory
# A bind mount of the same filesystem is another mount too.
mount --bind work-directory work-directory
rule E0362 '{ overlay = "/o", lower = ["@/a"], upper = "@/up", work = "@/work-directory" }'
refused 'Invalid argument'
