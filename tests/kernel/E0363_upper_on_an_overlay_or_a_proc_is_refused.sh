#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

own_mounts
directories a b lower upper work-directory merged
mount -t overlay overlay -o "userxattr,lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/work-directory" merged
directories merged/up merged/work-directory
rule E0363 '{ overlay = "/o", lower = ["@/a"], upper = "@/merged/up", work = "@/merged/work-directory" }'
refused 'Invalid argument'
rule E0363 '{ overlay = "/o", lower = ["@/a"], upper = "/proc", work = "/proc" }'
refused
